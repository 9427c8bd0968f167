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
  /** `wasm` jobs use one core each, `tensorflow` jobs all of them. */
  readonly tier: 'wasm' | 'tensorflow';
  /** Bytes that a job is expected to hold. Default 1 GiB. */
  readonly memory?: number;
}

/** As many jobs as neither cores nor memory make slower; at least 1. A number is taken as it is. */
export function chooseConcurrency(
  setting: 'auto' | number,
  needs: JobNeeds,
  capacity: Capacity = measureCapacity(),
): number {
  if (setting !== 'auto') return Math.max(1, Math.floor(setting));
  const byCores = needs.tier === 'tensorflow' ? 1 : Math.floor(capacity.cores);
  const byMemory = Math.floor(capacity.memory / (needs.memory ?? 1024 ** 3));
  return Math.max(1, Math.min(byCores, byMemory));
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
