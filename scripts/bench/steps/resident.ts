import { join } from 'node:path';
import { projectRoot } from '../../../src/core/files/paths.js';
import { findAddon } from '../../../src/engine/backends/addon.js';
import { type BenchRow, describeTimes, medianOf } from '../row.js';
import { MeasuringProcess } from './process.js';
import type { ResidentAnswer, ResidentRequest } from './resident-worker.js';
import { type TaskName, titleOf } from './tasks.js';

interface Case {
  readonly task: TaskName;
  readonly replicas: number;
  readonly threads: number;
  readonly sideBySide: boolean;
  /** Calls in one turn. */
  readonly repeats: number;
}

const cases: readonly Case[] = [
  { task: 'tiny-mlp', replicas: 1, threads: 1, sideBySide: false, repeats: 300 },
  { task: 'tiny-mlp', replicas: 16, threads: 2, sideBySide: true, repeats: 100 },
  { task: 'cnn', replicas: 1, threads: 2, sideBySide: false, repeats: 12 },
  { task: 'cnn', replicas: 8, threads: 2, sideBySide: true, repeats: 3 },
];
/** Most time of 8 CNNs as replicas over 8 steps of one alone. */
const replicasGoal = 0.9;
const rounds = 5;
const ways = ['fed', 'resident'] as const;

/**
 * Steps through the trainer, choosing or filling their batches included: fed with batches from memory, and with
 * the training set on the device, in turns. Pixels are bytes.
 */
export async function benchResidentSteps(say: (text: string) => void): Promise<BenchRow[]> {
  if (findAddon() === undefined) return [];
  const rows: BenchRow[] = [];
  for (const one of cases) {
    say(`${describe(one)}, fed and resident`);
    rows.push(...(await benchCase(one)));
  }
  return [...rows, ...compareReplicas(rows)];
}

/** Replicas of the CNN beside as many steps of one alone, both on resident data. */
function compareReplicas(rows: readonly BenchRow[]): BenchRow[] {
  const [alone, together] = [1, 8].map((replicas) =>
    rows.find(({ name }) => name === nameOf({ task: 'cnn', replicas }, 'resident')),
  );
  if (alone === undefined || together === undefined) return [];
  const ratio = together.median / (8 * alone.median);
  const verdict = ratio <= replicasGoal ? 'reached' : 'not reached';
  const note = `${ratio.toFixed(2)} × 8 steps of one alone (${verdict}); ${together.note}`;
  return [
    {
      ...together,
      name: `step: ${describe({ task: 'cnn', replicas: 8 })}, as replicas`,
      goal: `≤ ${replicasGoal} × 8 steps of one alone`,
      note,
    },
  ];
}

async function benchCase(one: Case): Promise<BenchRow[]> {
  const script = join(projectRoot(), 'scripts', 'heldout.mjs');
  const words = [String(one.threads), one.sideBySide ? 'side-by-side' : 'alone'];
  const [worker] = await MeasuringProcess.start(process.execPath, [
    script,
    'bench',
    '--serve-resident',
    ...words,
  ]);
  try {
    const answers = new Map<string, ResidentAnswer[]>(ways.map((way) => [way, []]));
    for (let round = 0; round < rounds; round++) {
      for (const way of ways) {
        const { task, replicas, repeats } = one;
        const request: ResidentRequest = { task, replicas, way, repeats };
        const answer = await worker.ask({ ...request });
        answers.get(way)!.push(answer as unknown as ResidentAnswer);
      }
    }
    const [fed, resident] = ways.map((way) => answers.get(way)!) as [ResidentAnswer[], ResidentAnswer[]];
    if (String(fed[0]!.losses) !== String(resident[0]!.losses)) {
      throw new Error(`${describe(one)}: the losses of resident data differ from those of batches`);
    }
    return [describeWay(one, 'fed', fed), describeWay(one, 'resident', resident, fed)];
  } finally {
    worker.end();
  }
}

function describeWay(
  one: Case,
  way: string,
  answers: readonly ResidentAnswer[],
  other?: readonly ResidentAnswer[],
): BenchRow {
  const times = answers.flatMap((answer) => answer.times);
  const median = medianOf(times);
  const outside = medianOf(answers.map((answer) => answer.outside));
  const together = answers.at(-1)!.stepsPerCall;
  const notes = [
    ...(other === undefined
      ? []
      : [`${(median / medianOf(other.flatMap((answer) => answer.times))).toFixed(2)} x fed`]),
    `${((100 * outside) / median).toFixed(0)} % outside of the graph`,
    ...(together === 1 ? [] : [`${together} steps per call`]),
    ...(one.replicas === 1 ? [] : [`${(answers.at(-1)!.memory / 1e9).toFixed(1)} GB of memory`]),
  ];
  return {
    name: nameOf(one, way),
    ...describeTimes(times, 'ms per step'),
    note: notes.join('; '),
  };
}

function nameOf(one: Pick<Case, 'task' | 'replicas'>, way: string): string {
  return `step: ${describe(one)}, ${way}`;
}

function describe({ task, replicas }: Pick<Case, 'task' | 'replicas'>): string {
  return replicas === 1 ? titleOf(task) : `${replicas} x ${titleOf(task)}`;
}
