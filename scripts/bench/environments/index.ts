import { availableParallelism } from 'node:os';
import type { ExperimentConfig } from '../../../src/config/index.js';
import { type BenchOptions, say } from '../options.js';
import { findPeer, peerHint } from '../peer.js';
import { type BenchRow, describeTimes, medianOf, type Row } from '../row.js';
import { lackOfAddon, lackOfData, requireSameLosses, sideBySide } from '../side-by-side.js';
import { composeJob, type EnvironmentsJob } from './job.js';
import { countOperations, type StepsAnswer } from './worker.js';

interface Race {
  readonly job: EnvironmentsJob;
  readonly name: string;
  /** Of a run, all of which are alike: weights of penalties change nothing that a step computes. */
  readonly steps: number;
  /** Batches that the peer needs: one where each is the whole set. */
  readonly batches: number;
  describe(config: ExperimentConfig, times: Times): Pick<BenchRow, 'goal' | 'note'>;
}

/** Seconds of a step by rounds, and GFLOP/s of a large product meanwhile. */
interface Times {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly rates: readonly number[];
}

const rounds = 5;
/** Most relative difference of a loss: the same network on the same images. */
const tolerance = 1e-3;
const races: readonly Race[] = [
  {
    job: 'irm',
    name: 'IRM, 392-390-390-1, all 50,000 images',
    steps: 20,
    batches: 1,
    describe(config, { ours, theirs, rates }) {
      const operations = countOperations(config, 50_000) / 1e9;
      const ratio = medianOf(ours.map((own, at) => own / theirs[at]!));
      const share = medianOf(ours.map((own, at) => operations / own / rates[at]!));
      const rate = Math.round(operations / medianOf(ours));
      return {
        goal: '0.9 x PyTorch, 70 %',
        note: `${ratio.toFixed(2)} x PyTorch's time ${judge(ratio <= 0.9)}; ${rate} GFLOP/s in products, ${Math.round(100 * share)} % of a large one ${judge(share >= 0.7)}`,
      };
    },
  },
  {
    job: 'rotated-mnist',
    name: "RotatedMNIST, ERM at DomainBed's defaults, 5 x 64 images",
    steps: 6,
    batches: 6,
    describe(_config, { ours, theirs }) {
      const ratio = medianOf(ours.map((own, at) => theirs[at]! / own));
      return {
        goal: "1.2 x the steps per second of DomainBed's update",
        note: `${ratio.toFixed(2)} x as many steps per second ${judge(ratio >= 1.2)}`,
      };
    },
  },
];

/** Steps of each run in Heldout and in a plain PyTorch script, in turns, with the same parameters and images. */
export async function benchEnvironments(options: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const one of races) rows.push(...(await benchRace(one, options)));
  return rows;
}

async function benchRace(race: Race, options: BenchOptions): Promise<Row[]> {
  const { job, name } = race;
  const config = composeJob(job);
  const lack = lackOfAddon(name) ?? (await lackOfData(name, config));
  if (lack !== undefined) return [lack];
  const python = findPeer();
  if (python === undefined) return [{ name, remark: `not measured: no Python with torch; ${peerHint}` }];
  const times = await measureRace(race, python, options);
  const describe = (who: string, seconds: readonly number[]): BenchRow => ({
    name: `${name}: ${who}`,
    ...describeTimes(
      seconds.map((one) => 1000 * one),
      'ms',
    ),
  });
  return [
    { ...describe('Heldout', times.ours), ...race.describe(config, times) },
    describe('plain PyTorch', times.theirs),
  ];
}

function measureRace(
  { job, name, steps, batches }: Race,
  python: string,
  { quick }: BenchOptions,
): Promise<Times> {
  return sideBySide(async ({ folder, startHeldout, startPeer }) => {
    const words = [job, folder, String(batches), String(availableParallelism())];
    const own = await startHeldout('--serve-environments', ...words);
    const peer = await startPeer(python, ['environments', 'peer.py'], job, folder);
    const [ours, theirs, rates]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < (quick ? 1 : rounds) + 1; round++) {
      say(`${name}, ${steps} steps, round ${round}`);
      const mine = (await own.ask({ steps })) as unknown as StepsAnswer;
      const other = (await peer.ask({ steps })) as unknown as StepsAnswer;
      requireSameLosses(mine.losses, other.losses, tolerance);
      const { rate } = (await peer.ask({ kind: 'rate' })) as unknown as { rate: number };
      // The first round warms up.
      if (round === 0) continue;
      ours.push(medianOf(mine.times));
      theirs.push(medianOf(other.times));
      rates.push(rate);
    }
    return { ours, theirs, rates };
  });
}

function judge(met: boolean): string {
  return met ? '(reached)' : '(not reached)';
}
