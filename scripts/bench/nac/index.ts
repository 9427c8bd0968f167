import { join } from 'node:path';
import { monotonicSeconds } from '../../../src/core/clock.js';
import { projectRoot } from '../../../src/core/files/paths.js';
import { assignRows } from '../../../src/models/nac/priors/assignment.js';
import { fittedSignatures } from '../../../src/models/nac/priors/fit-signatures.js';
import { fillUniform } from '../../../src/random/draw.js';
import { stream } from '../../../src/random/stream.js';
import { say } from '../options.js';
import { findPeer, peerHint } from '../peer.js';
import { type BenchRow, describeTimes, medianOf, type Row } from '../row.js';
import { lackOfAddon } from '../side-by-side.js';
import { MeasuringProcess } from '../steps/process.js';
import type { NacAnswer, NacRequest } from './worker.js';

const rounds = 5;
/** Heldout's time over PyTorch's at its best. */
const peerGoal = 0.9;
/** Time of 8 replicas over 8 steps of one alone. */
const replicasGoal = 0.5;
const memoryGoal = 2.5e9;

interface PeerAnswer {
  readonly times: readonly number[];
  readonly setting: string;
  readonly parameters: number;
  readonly failed: Readonly<Record<string, string>>;
}

/** Neural Attentive Circuits: steps and inference beside PyTorch's at its best, in turns, and what a start costs. */
export async function benchNac(): Promise<Row[]> {
  say('signatures and assignments');
  const rows: Row[] = [benchPrefit(), benchAssignment()];
  const lack = lackOfAddon('NAC on TensorFlow');
  if (lack !== undefined) return [...rows, lack];
  const python = findPeer();
  if (python === undefined) {
    rows.push({ name: 'NAC in PyTorch', remark: `not measured: no Python with torch; ${peerHint}` });
  }
  const own = await startWorker('alone');
  const peer =
    python === undefined
      ? undefined
      : (
          await MeasuringProcess.start(python, [
            join(projectRoot(), 'scripts', 'bench', 'nac', 'peer.py'),
            '--serve',
          ])
        )[0];
  try {
    const step = { what: 'step', size: 's', batch: 32, replicas: 1, repeats: 10 } as const;
    rows.push(
      ...(await benchBeside(own, peer, 'NAC size S, 64 modules, batch 32: training step', {
        ...step,
        processors: 64,
      })),
    );
    for (const processors of [64, 256]) rows.push(...(await benchPruning(own, peer, processors)));
  } finally {
    own.end();
    peer?.end();
  }
  return [...rows, await benchReplicas()];
}

async function benchPruning(
  own: MeasuringProcess,
  peer: MeasuringProcess | undefined,
  processors: number,
): Promise<Row[]> {
  const infer = { what: 'inference', size: 's', batch: 64, replicas: 1, repeats: 10 } as const;
  const kept = Math.round(0.2 * processors);
  const title = `NAC inference, batch 64`;
  const whole = await benchBeside(own, peer, `${title}: ${processors} modules`, { ...infer, processors });
  const pruned = await benchBeside(own, peer, `${title}: ${kept} of ${processors}`, {
    ...infer,
    processors: kept,
  });
  const ratio = (whole[0]!.median / pruned[0]!.median).toFixed(2);
  const [first, ...rest] = pruned;
  const note = [`the whole net takes ${ratio} times as long`, first!.note].filter(Boolean).join('; ');
  return [...whole, { ...first!, note }, ...rest];
}

/** One measurement of Heldout's, and PyTorch's beside it, in turns. */
async function benchBeside(
  own: MeasuringProcess,
  peer: MeasuringProcess | undefined,
  name: string,
  request: NacRequest,
): Promise<[BenchRow, ...BenchRow[]]> {
  say(name);
  const ours: NacAnswer[] = [];
  const theirs: PeerAnswer[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push((await own.ask({ ...request })) as unknown as NacAnswer);
    if (peer !== undefined) theirs.push((await peer.ask({ ...request })) as unknown as PeerAnswer);
  }
  const times = describeTimes(
    ours.flatMap((answer) => answer.times),
    'ms',
  );
  const memory = ours.at(-1)!.memory;
  const notes =
    request.what === 'inference'
      ? []
      : [`${(memory / 1e9).toFixed(2)} GB (${memory <= memoryGoal ? 'reached' : 'not reached'})`];
  const found = theirs[0];
  if (found === undefined) return [{ name, ...times, ...(notes.length > 0 && { note: notes.join('; ') }) }];
  if (found.parameters !== ours[0]!.parameters) {
    throw new Error(`${name}: ${ours[0]!.parameters} parameters in Heldout, ${found.parameters} in PyTorch`);
  }
  const others = describeTimes(
    theirs.flatMap((answer) => answer.times),
    'ms',
  );
  const ratio = times.median / others.median;
  const failed = Object.entries(found.failed).map(([words, why]) => `${words}: ${why}`);
  return [
    {
      name,
      ...times,
      goal: `≤ ${peerGoal} × PyTorch at its best${request.what === 'step' ? ', ≤ 2.5 GB' : ''}`,
      note: [`${ratio.toFixed(2)} × (${ratio <= peerGoal ? 'reached' : 'not reached'})`, ...notes].join('; '),
    },
    { name: `${name}, PyTorch at its best`, ...others, note: [found.setting, ...failed].join('; ') },
  ];
}

/** 8 replicas of the small size in one graph beside one alone; each process has the threads that suit it. */
async function benchReplicas(): Promise<BenchRow> {
  const name = 'NAC size XS, batch 32: step of 8 replicas';
  say(name);
  const [alone, together] = [await startWorker('alone'), await startWorker('side-by-side')];
  try {
    const request = { what: 'step', size: 'xs', processors: 16, batch: 32 } as const;
    const [solo, all]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const one = await alone.ask({ ...request, replicas: 1, repeats: 40 });
      solo.push(...(one as unknown as NacAnswer).times);
      const eight = await together.ask({ ...request, replicas: 8, repeats: 10 });
      all.push(...(eight as unknown as NacAnswer).times);
    }
    const ratio = medianOf(all) / (8 * medianOf(solo));
    return {
      name,
      ...describeTimes(all, 'ms'),
      goal: `≤ ${replicasGoal} × 8 steps of one alone`,
      note: `${ratio.toFixed(2)} × 8 steps of ${medianOf(solo).toFixed(1)} ms (${ratio <= replicasGoal ? 'reached' : 'not reached'})`,
    };
  } finally {
    alone.end();
    together.end();
  }
}

async function startWorker(kind: 'alone' | 'side-by-side'): Promise<MeasuringProcess> {
  const script = join(projectRoot(), 'scripts', 'heldout.mjs');
  const [worker] = await MeasuringProcess.start(process.execPath, [script, 'bench', '--serve-nac', kind]);
  return worker;
}

function benchPrefit(): BenchRow {
  const { compute } = fittedSignatures({ kind: 'scale-free', links: 2 }, 0.9) as Extract<
    ReturnType<typeof fittedSignatures>,
    { kind: 'computed' }
  >;
  const times = timeEach(() => compute(stream(0, 'bench', 'prior'), [64, 16]));
  return judge(
    { name: 'NAC: signatures of 64 modules fitted to a graph', ...describeTimes(times, 'ms') },
    3000,
  );
}

function benchAssignment(): BenchRow {
  const size = 128;
  const costs = fillUniform(stream(0, 'bench', 'costs'), new Float32Array(size * size), 0, 1);
  const times = timeEach(() => assignRows(costs, size));
  return judge({ name: 'NAC: assignment of 128 modules to a graphon', ...describeTimes(times, 'ms') }, 20);
}

function judge(row: BenchRow, limit: number): BenchRow {
  return { ...row, goal: `≤ ${limit} ms`, note: row.median <= limit ? 'reached' : 'not reached' };
}

function timeEach(call: () => unknown): number[] {
  call();
  return Array.from({ length: rounds }, () => {
    const start = monotonicSeconds();
    call();
    return (monotonicSeconds() - start) * 1000;
  });
}
