import type { Shares } from '../launchers/concurrency.js';
import type { Measured, Probe } from '../protocols/trial.js';

/** Replicas must gain at least this share. */
const leastGain = 0.05;
/** One thread in place of several, which other work on the machine makes look slow. Tiny steps gain half and more. */
const leastThreadGain = 0.2;
/** How many runs are tried together. */
const triedSizes = [1, 4, 16];

/** What is open about the jobs of one kind, and what they have to share. */
export interface OpenChoices {
  readonly settings: { readonly threads: Shares['threads']; readonly replicas: 'auto' | number };
  /** Processes at a time and threads of each, as the cores are divided without a trial. */
  readonly share: { readonly jobs: number; readonly threads: number };
  /** Jobs of this kind, and of the plan. */
  readonly alike: number;
  readonly all: number;
  readonly gpu: boolean;
}

/**
 * What a trial has to measure; nothing where there is nothing to choose. No process trains more runs than let every
 * core have some. On a GPU threads decide little.
 */
export function listProbes({ settings, share, alike, all, gpu }: OpenChoices): readonly Probe[] {
  if (settings.replicas !== 'auto' && settings.replicas > 1 && alike > 1) return [];
  const most = Math.min(alike, Math.ceil(all / share.jobs));
  const sizes = settings.replicas === 'auto' ? unique(triedSizes.map((size) => Math.min(size, most))) : [1];
  const threads = settings.threads === 'auto' && !gpu ? unique([1, share.threads]) : [share.threads];
  if (sizes.length * threads.length === 1) return [];
  if (share.threads === 1) return [{ threads: 1, sideBySide: sizes.length > 1, sizes }];
  const alone = threads.map((count) => ({ threads: count, sideBySide: false, sizes: [1] }));
  const together = { threads: share.threads, sideBySide: true, sizes: sizes.slice(1) };
  return sizes.length > 1 ? [...alone, together] : alone;
}

/** The number of runs trained together that takes the least time for each and fits `memory` bytes. */
export function chooseReplicas(measured: readonly Measured[], memory: number): number {
  const alone = fastest(measured.filter(({ replicas }) => replicas === 1));
  const best = fastest(measured.filter(({ replicas, memory: held }) => replicas > 1 && held <= memory));
  return isFaster(best, alone, leastGain) ? best!.replicas : 1;
}

/** Threads of a run alone: one, or its share of the cores. */
export function chooseThreads(measured: readonly Measured[], share: number): number {
  const alone = (threads: number) => measured.find((one) => one.replicas === 1 && one.threads === threads);
  return share > 1 && isFaster(alone(1), alone(share), leastThreadGain) ? 1 : share;
}

function isFaster(one: Measured | undefined, than: Measured | undefined, gain: number): boolean {
  return one !== undefined && than !== undefined && one.seconds < than.seconds * (1 - gain);
}

function fastest(measured: readonly Measured[]): Measured | undefined {
  return measured.reduce<Measured | undefined>(
    (best, one) => (best === undefined || one.seconds < best.seconds ? one : best),
    undefined,
  );
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)];
}
