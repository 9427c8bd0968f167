import { availableParallelism, loadavg } from 'node:os';
import { findPeer, peerHint } from '../peer.js';
import { type BenchRow, describeTimes, medianOf, type Row } from '../row.js';
import { lackOfAddon } from '../side-by-side.js';
import { type Contestant, Contestants } from './contestants.js';
import { type TaskName, taskNames, titleOf } from './tasks.js';

const rounds = 5;
/** How long one contestant measures in one round. */
const millisecondsPerTurn = 1000;

/** Heldout's time over a peer's that is asked for. */
interface Goal {
  readonly label: string;
  readonly limit: number;
}

function goalsOf(task: TaskName): readonly Goal[] {
  const tiny = task === 'tiny-mlp';
  return [
    { label: 'PyTorch eager', limit: tiny ? 0.5 : 0.8 },
    ...(tiny ? [] : [{ label: 'PyTorch at its best', limit: 1 }]),
    { label: 'TF.js as shipped', limit: tiny ? 0.1 : 0.5 },
  ];
}

/**
 * One training step with Adam of five nets: Heldout on TensorFlow, TensorFlow.js as shipped on the same library, and
 * PyTorch, in turns, so that all see the same machine.
 */
export async function benchTensorFlowSteps(say: (text: string) => void): Promise<Row[]> {
  const lack = lackOfAddon('steps on TensorFlow');
  if (lack !== undefined) return [lack];
  const rows: Row[] = [];
  const load = loadavg()[0]!;
  if (load > availableParallelism() / 2) {
    const remark = `not quiet (load ${load.toFixed(1)}): this slows some contestants far more than others`;
    rows.push({ name: 'the machine', remark });
  }
  const python = findPeer();
  const contestants = new Contestants(python);
  try {
    for (const task of taskNames) {
      say(titleOf(task));
      rows.push(...(await benchTask(contestants, task)));
    }
  } finally {
    await contestants.end();
  }
  if (python === undefined) {
    rows.push({
      name: 'the same steps in PyTorch',
      remark: `not measured: no Python with torch; ${peerHint}`,
    });
  }
  return rows;
}

async function benchTask(contestants: Contestants, task: TaskName): Promise<Row[]> {
  const heldout = await contestants.onTensorFlow('heldout', 'Heldout', task);
  const shipped = await contestants.onTensorFlow('shipped', 'TF.js as shipped', task);
  checkSameLosses(task, heldout, shipped);
  const all = [heldout, shipped, ...((await contestants.inPyTorch(task)) ?? [])];
  const times = new Map<Contestant, number[]>(all.map((contestant) => [contestant, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contestant of all) {
      const own = times.get(contestant)!;
      own.push(...(await contestant.times(repeatsFor(own))));
    }
  }
  return all.map((contestant): BenchRow => {
    const row = describeTimes(times.get(contestant)!, 'ms per step');
    const name = `step: ${titleOf(task)}, ${contestant.label}`;
    const compared = contestant === heldout ? compare(task, row.median, times) : { notes: [] };
    const note = [contestant.detail, ...compared.notes].filter(Boolean).join('; ');
    return { name, ...row, ...('goal' in compared && { goal: compared.goal }), ...(note && { note }) };
  });
}

function repeatsFor(known: readonly number[]): number {
  if (known.length === 0) return 3;
  return Math.min(100, Math.max(3, Math.round(millisecondsPerTurn / medianOf(known))));
}

/** What is asked for, and how it stands. */
function compare(
  task: TaskName,
  median: number,
  times: ReadonlyMap<Contestant, readonly number[]>,
): { readonly goal?: string; readonly notes: readonly string[] } {
  const found = goalsOf(task).flatMap((goal) => {
    const peer = [...times.keys()].find(({ label }) => label === goal.label);
    return peer === undefined ? [] : [{ ...goal, ratio: median / medianOf(times.get(peer)!) }];
  });
  return {
    goal: found.map(({ label, limit }) => `≤ ${limit} × ${label}`).join(', '),
    notes: found.map(({ label, limit, ratio }) => {
      return `${ratio.toFixed(2)} × ${label} (${ratio <= limit ? 'reached' : 'not reached'})`;
    }),
  };
}

/** Both start from the same parameters. Their Adams differ in epsilon, by less than shows in the first steps. */
function checkSameLosses(task: TaskName, a: Contestant, b: Contestant): void {
  const [ours, theirs] = [a.losses?.() ?? [], b.losses?.() ?? []];
  for (const index of [0, 1]) {
    if (!(Math.abs(ours[index]! - theirs[index]!) <= 2e-3 * Math.abs(theirs[index]!))) {
      throw new Error(
        `${task}: the loss of step ${index + 1} is ${ours[index]} in Heldout, ${theirs[index]} in TF.js as shipped`,
      );
    }
  }
}
