import type { BenchOptions } from '../options.js';
import { findPeer, peerHint } from '../peer.js';
import type { Row } from '../row.js';
import { lackOfAddon } from '../side-by-side.js';
import { benchEvaluation, describeRatio } from './evaluation.js';
import { runInPyTorch, runReplicas, runSingles, type SweepSize, type SweepTimes } from './sweeps.js';

const full: SweepSize = { runs: 8, steps: 300, images: 70_000, repeats: 3 };
const short: SweepSize = { runs: 1, steps: 30, images: 7000, repeats: 1 };
/** Heldout's time over PyTorch's. */
const goal = 0.9;

/**
 * A sweep over seeds of the digit CNN, each run trained and evaluated on all images, from the start of the first
 * process to the end of the last: Heldout run by run, Heldout's replicas, PyTorch by hand. The images are synthetic.
 */
export async function benchSweep(options: BenchOptions): Promise<Row[]> {
  const lack = lackOfAddon('sweep');
  if (lack !== undefined) return [lack];
  const whole = options.quick ? short : full;
  const size = { ...whole, runs: options.runs ?? whole.runs };
  const python = findPeer();
  const name = describeSize(size);
  const heldout = [await runSingles(size, options), await runReplicas(size, options)];
  const peer = python === undefined ? undefined : await runInPyTorch(python, size, options);
  const rows = [
    ...heldout.map((times) => describeSweep(name, times, peer, options.quick)),
    ...(peer === undefined ? [] : [describeSweep(name, peer)]),
    ...(await benchEvaluation(size, python, options)),
  ];
  const missing = `not measured: no Python with torch; ${peerHint}`;
  return python === undefined ? [...rows, { name: 'the same in PyTorch', remark: missing }] : rows;
}

function describeSize({ runs, steps, images }: SweepSize): string {
  const count = images.toLocaleString('en-US');
  return `sweep: ${runs} digit CNN ${runs === 1 ? 'run' : 'runs'}, ${steps} steps, ${count} synthetic images`;
}

/** A short form has a ratio, and neither reaches a goal nor misses it. */
function describeSweep(name: string, times: SweepTimes, peer?: SweepTimes, quick = false): Row {
  const { label, seconds, detail } = times;
  const ratio = peer === undefined ? undefined : seconds / peer.seconds;
  const verdict = ratio === undefined ? [] : [describeRatio(ratio, goal, quick)];
  return {
    name: `${name}, ${label}`,
    median: seconds,
    minimum: seconds,
    maximum: seconds,
    unit: 's',
    repeats: 1,
    raw: [seconds],
    ...(ratio === undefined || quick ? {} : { goal: `≤ ${goal} × PyTorch` }),
    note: [...verdict, detail].join('; '),
  };
}
