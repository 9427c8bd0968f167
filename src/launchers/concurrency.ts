import { readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';

/** What limits how many jobs this machine can run at a time. */
export interface Capacity {
  /** Cores that this process may use, its control group's quota included. */
  readonly cores: number;
  /** Free memory in bytes, its control group's limit included. */
  readonly memory: number;
}

export interface JobNeeds {
  /** A `wasm` job has one thread; a `tensorflow` job as many as it is given. */
  readonly tier: 'wasm' | 'tensorflow';
  /** How many jobs of the plan train. */
  readonly runs: number;
  /** On a GPU jobs do not run side by side. */
  readonly gpu?: boolean;
  /** Bytes that a job is expected to hold. Default 1 GiB. */
  readonly memory?: number;
}

/** What the config says: `launcher.jobs` and `engine.threads`. */
export interface Shares {
  readonly jobs: 'auto' | number;
  readonly threads: 'auto' | number;
}

/**
 * How many jobs run at a time, and with how many threads each: as many jobs as neither cores nor memory make
 * slower, since several jobs of one thread waste less of the cores than one job of several; cores that are left
 * over they share. Threads follow from the plan and the machine alone, not from what is left to do or free just
 * now: the last bits of a run may depend on them. At least 1 of both; numbers are taken as they are.
 */
export function divideCores(
  shares: Shares,
  needs: JobNeeds,
  capacity: Capacity = measureCapacity(),
): { readonly jobs: number; readonly threads: number } {
  const cores = Math.max(1, Math.floor(capacity.cores));
  const threads = chooseThreads(shares, needs, cores);
  const byMemory = Math.floor(capacity.memory / (needs.memory ?? 1024 ** 3));
  const fitting = needs.gpu === true ? 1 : Math.min(Math.floor(cores / threads), byMemory);
  return { jobs: Math.max(1, Math.floor(shares.jobs === 'auto' ? fitting : shares.jobs)), threads };
}

function chooseThreads({ jobs, threads }: Shares, { tier, gpu, runs }: JobNeeds, cores: number): number {
  if (tier === 'wasm') return 1;
  if (threads !== 'auto') return threads;
  const atOnce = jobs === 'auto' ? (gpu === true ? 1 : runs) : Math.min(jobs, runs);
  return Math.max(1, Math.floor(cores / Math.max(1, atOnce)));
}

export function measureCapacity(): Capacity {
  return {
    cores: Math.min(availableParallelism(), readQuota()),
    memory: Math.min(freemem(), readFreeMemory()),
  };
}

/** Cores of the control group's quota; Node 20 does not look at it. Version 2, then version 1. */
function readQuota(): number {
  const [quota, period] = (readLine('/sys/fs/cgroup/cpu.max') ?? '').split(' ');
  return (
    parseQuota(quota, period) ??
    parseQuota(
      readLine('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'),
      readLine('/sys/fs/cgroup/cpu/cpu.cfs_period_us'),
    ) ??
    Number.POSITIVE_INFINITY
  );
}

/** Undefined where there is no limit (`max`, -1) and where nothing could be read. */
export function parseQuota(quota: string | undefined, period: string | undefined): number | undefined {
  const cores = Number(quota ?? Number.NaN) / Number(period ?? Number.NaN);
  return cores > 0 && Number.isFinite(cores) ? cores : undefined;
}

function readFreeMemory(): number {
  const limit = Number(readLine('/sys/fs/cgroup/memory.max') ?? Number.NaN);
  const used = Number(readLine('/sys/fs/cgroup/memory.current') ?? Number.NaN);
  const free = limit - used + parseReclaimable(readLine('/sys/fs/cgroup/memory.stat') ?? '');
  return Number.isFinite(free) ? free : Number.POSITIVE_INFINITY;
}

/** Bytes of files that were read or written some time ago: counted as used, and given back when asked for. */
export function parseReclaimable(memoryStat: string): number {
  return Number(/^inactive_file (\d+)$/m.exec(memoryStat)?.[1] ?? 0);
}

function readLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
