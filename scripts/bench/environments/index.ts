import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolderOf } from '../../../src/cli/jobs/data-folder.js';
import { HeldoutError } from '../../../src/core/errors.js';
import { projectRoot } from '../../../src/core/paths.js';
import { openTable } from '../../../src/datasets/index.js';
import { findAddon } from '../../../src/engine/backends/addon.js';
import { type BenchOptions, say } from '../options.js';
import { findPeer, peerHint } from '../peer.js';
import { type BenchRow, describeTimes, medianOf, type Row } from '../row.js';
import { MeasuringProcess } from '../steps/process.js';
import { composeIrm } from './job.js';
import { countOperations, type IrmAnswer } from './worker.js';

const images = 50_000;
/** Of a run, all of which are alike: the penalty's weight changes nothing that a step computes. */
const steps = 20;
const rounds = 5;
/** Heldout's time over PyTorch's, and its rate over that of a large product. */
const goals = { time: 0.9, rate: 0.7 } as const;
/** Most relative difference of a loss: the same network on the same images. */
const tolerance = 1e-3;
const name = 'IRM, 392-390-390-1, all 50,000 images';

/** Steps of the IRM run in Heldout and in a plain PyTorch script, in turns, with the same parameters and images. */
export async function benchEnvironments({ quick }: BenchOptions): Promise<Row[]> {
  const config = composeIrm();
  if (findAddon() === undefined) {
    return [
      { name, remark: 'not measured: the addon of the tensorflow tier has not been built; npm run setup' },
    ];
  }
  try {
    await openTable(config.dataset, { dataFolder: dataFolderOf(config) });
  } catch (error) {
    if (!(error instanceof HeldoutError)) throw error;
    return [{ name, remark: `not measured: ${error.message}` }];
  }
  const python = findPeer();
  if (python === undefined) return [{ name, remark: `not measured: no Python with torch; ${peerHint}` }];
  const folder = mkdtempSync(join(tmpdir(), 'heldout-bench-irm-'));
  const running: MeasuringProcess[] = [];
  const start = async (command: string, args: readonly string[]) => {
    const [measuring] = await MeasuringProcess.start(command, args);
    running.push(measuring);
    return measuring;
  };
  try {
    const threads = availableParallelism();
    const script = join(projectRoot(), 'scripts', 'heldout.mjs');
    const own = await start(process.execPath, [script, 'bench', '--serve-irm', folder, String(threads)]);
    const peer = await start(python, [
      join(projectRoot(), 'scripts', 'bench', 'environments', 'peer.py'),
      folder,
    ]);
    const [ours, theirs, rates]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < (quick ? 1 : rounds) + 1; round++) {
      say(`IRM, ${steps} steps, round ${round}`);
      const mine = (await own.ask({ steps })) as unknown as IrmAnswer;
      const other = (await peer.ask({ steps })) as unknown as IrmAnswer;
      requireSame(mine, other);
      const { rate } = (await peer.ask({ kind: 'rate' })) as unknown as { rate: number };
      // The first round warms up.
      if (round === 0) continue;
      ours.push(medianOf(mine.times));
      theirs.push(medianOf(other.times));
      rates.push(rate);
    }
    const operations = countOperations(config, images) / 1e9;
    return [describeOwn(ours, theirs, rates, operations), describe('plain PyTorch', theirs)];
  } finally {
    for (const one of running) one.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function describe(who: string, seconds: readonly number[]): BenchRow {
  const times = describeTimes(
    seconds.map((one) => 1000 * one),
    'ms',
  );
  return { name: `${name}: ${who}`, ...times };
}

function describeOwn(
  ours: readonly number[],
  theirs: readonly number[],
  rates: readonly number[],
  operations: number,
): BenchRow {
  const ratio = medianOf(ours.map((own, at) => own / theirs[at]!));
  const share = medianOf(ours.map((own, at) => operations / own / rates[at]!));
  const reached = (met: boolean) => (met ? '(reached)' : '(not reached)');
  const note = [
    `${ratio.toFixed(2)} x PyTorch's time ${reached(ratio <= goals.time)}`,
    `${Math.round(operations / medianOf(ours))} GFLOP/s in products, ${Math.round(100 * share)} % of a large one ${reached(share >= goals.rate)}`,
  ];
  return {
    ...describe('Heldout', ours),
    goal: `${goals.time} x PyTorch, ${100 * goals.rate} %`,
    note: note.join('; '),
  };
}

function requireSame({ losses }: IrmAnswer, other: IrmAnswer): void {
  const apart = losses.map((loss, at) => Math.abs(loss - other.losses[at]!) / Math.abs(loss));
  const most = Math.max(...apart);
  if (most > tolerance) throw new Error(`losses are up to ${most} apart: not the same network`);
}
