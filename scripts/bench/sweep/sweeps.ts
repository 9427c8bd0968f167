import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { monotonicSeconds } from '../../../src/core/clock.js';
import { projectRoot } from '../../../src/core/files/paths.js';
import { divideCores } from '../../../src/launchers/concurrency.js';
import { countUp } from '../../../src/random/draw.js';
import { describeAge, type Kept, measureOnce } from '../kept.js';
import { type BenchOptions, say } from '../options.js';
import { MeasuringProcess } from '../steps/process.js';
import type { RunAnswer } from './worker.js';

/** How much of everything; the short form is no measure of the long one. */
export interface SweepSize {
  readonly runs: number;
  readonly steps: number;
  readonly images: number;
  /** Of the evaluation alone. */
  readonly repeats: number;
}

export interface SweepTimes {
  readonly label: string;
  /** Wall time of all. */
  readonly seconds: number;
  readonly detail: string;
}

interface Timed {
  /** Until engine and data were there. */
  readonly start: number;
  /** From the start of the process to its answer. */
  readonly seconds: number;
  readonly run: RunAnswer;
}

/** Every run in a process of its own, as many at a time as a study would run; processes of one wave are one part. */
export async function runSingles(size: SweepSize, options: BenchOptions): Promise<SweepTimes> {
  const { jobs, threads } = divideCores(
    { jobs: 'auto', threads: 'auto' },
    { tier: 'tensorflow', runs: size.runs },
  );
  const seeds = [...countUp(size.runs)];
  const waves = Array.from({ length: Math.ceil(seeds.length / jobs) }, (_, wave) =>
    seeds.slice(wave * jobs, (wave + 1) * jobs),
  );
  const kept: Kept<{ readonly seconds: number; readonly runs: readonly Timed[] }>[] = [];
  for (const [index, wave] of waves.entries()) {
    const settings = { ...size, wave, threads };
    kept.push(
      await measureOnce(`sweep-single-${index}`, settings, options, async () => {
        say(`Heldout, seeds ${wave.join(', ')} of ${size.runs}`);
        const since = monotonicSeconds();
        const runs = await Promise.all(
          wave.map((seed) => timeProcess(...worker(threads, size.images, 1), [seed], size.steps)),
        );
        return { seconds: monotonicSeconds() - since, runs };
      }),
    );
  }
  const how = `${jobs} ${jobs === 1 ? 'process' : 'processes'} at a time, ${threads} ${threads === 1 ? 'thread' : 'threads'} each`;
  return {
    label: 'Heldout run by run',
    seconds: kept.reduce((sum, { value }) => sum + value.seconds, 0),
    detail: `${how}; ${describeRuns(kept.flatMap(({ value }) => value.runs))}${age(kept)}`,
  };
}

/** All runs as replicas in one process. */
export async function runReplicas(size: SweepSize, options: BenchOptions): Promise<SweepTimes> {
  const threads = availableParallelism();
  const kept = await measureOnce('sweep-replicas', { ...size, threads }, options, async () => {
    say(`Heldout, ${size.runs} replicas`);
    return await timeProcess(...worker(threads, size.images, size.runs), [...countUp(size.runs)], size.steps);
  });
  return {
    label: `Heldout, ${size.runs} ${size.runs === 1 ? 'replica' : 'replicas'} in one process`,
    seconds: kept.value.seconds,
    detail: `${describeRuns([kept.value])}${describeAge(kept)}`,
  };
}

/** One run after the other in one process; its start counts once. */
export async function runInPyTorch(
  python: string,
  size: SweepSize,
  options: BenchOptions,
): Promise<SweepTimes> {
  let open: { readonly peer: MeasuringProcess; readonly start: number } | undefined;
  const kept: Kept<Timed>[] = [];
  try {
    for (const seed of countUp(size.runs)) {
      kept.push(
        await measureOnce(`sweep-pytorch-${seed}`, { ...size, seed }, options, async () => {
          say(`PyTorch, seed ${seed} of ${size.runs}`);
          open ??= await startPeer(python, size.images);
          const since = monotonicSeconds();
          const run = (await open.peer.ask({ seeds: [seed], steps: size.steps })) as unknown as RunAnswer;
          return { start: open.start, seconds: monotonicSeconds() - since, run };
        }),
      );
    }
  } finally {
    open?.peer.end();
  }
  const runs = kept.map(({ value }) => value);
  return {
    label: 'PyTorch by hand',
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, runs[0]!.start),
    detail: `eager, data loaded once; ${describeRuns(runs)}${age(kept)}`,
  };
}

async function startPeer(python: string, images: number) {
  const since = monotonicSeconds();
  const [peer] = await MeasuringProcess.start(...peerCommand(python, images));
  return { peer, start: monotonicSeconds() - since };
}

/** Program and arguments of the process that measures PyTorch. */
export function peerCommand(python: string, images: number): [string, string[]] {
  return [python, [join(projectRoot(), 'scripts', 'bench', 'sweep', 'peer.py'), String(images)]];
}

/** Program and arguments of the process that measures Heldout. */
export function worker(threads: 'auto' | number, images: number, replicas: number): [string, string[]] {
  const script = join(projectRoot(), 'scripts', 'heldout.mjs');
  const words = ['bench', '--serve-sweep', String(threads), String(images), String(replicas)];
  return [process.execPath, [script, ...words]];
}

async function timeProcess(
  command: string,
  args: readonly string[],
  seeds: readonly number[],
  steps: number,
): Promise<Timed> {
  const since = monotonicSeconds();
  const [measuring] = await MeasuringProcess.start(command, args);
  const start = monotonicSeconds() - since;
  try {
    const run = (await measuring.ask({ seeds, steps })) as unknown as RunAnswer;
    return { start, seconds: monotonicSeconds() - since, run };
  } finally {
    measuring.end();
  }
}

/** `start 2.1 s, training 52 s, evaluation 22 s`: means. */
function describeRuns(runs: readonly Timed[]): string {
  const meanOf = (value: (run: Timed) => number) =>
    `${(runs.reduce((sum, run) => sum + value(run), 0) / runs.length).toFixed(1)} s`;
  const parts = [
    `start ${meanOf(({ start }) => start)}`,
    `training ${meanOf(({ run }) => run.training)}`,
    `evaluation ${meanOf(({ run }) => run.evaluation)}`,
  ];
  return parts.join(', ');
}

/** The oldest of what earlier commands measured. */
function age(kept: readonly Kept<unknown>[]): string {
  const before = kept.filter((one) => one.before).sort((a, b) => (a.time < b.time ? -1 : 1));
  return before.length === 0 ? '' : describeAge(before[0]!);
}
