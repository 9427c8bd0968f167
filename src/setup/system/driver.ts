import { spawnSync } from 'node:child_process';
import { readTextIfThere } from '../../core/files/files.js';
import { release } from '../library/release.js';
import { compareVersions } from '../library/versions.js';

export interface Driver {
  /** As NVIDIA counts, e.g. `535.129.03`. */
  readonly version: string;
  /** Names of the GPUs; empty where only the kernel module was found. */
  readonly gpus: readonly string[];
}

/** The oldest driver on which any CUDA 12 runs (CUDA Toolkit release notes, table of minor version compatibility). */
export const oldestDriver = '525.60.13';

/** The NVIDIA driver: what `nvidia-smi` says, or else the kernel module. Undefined without one. */
export function findDriver(): Driver | undefined {
  const query = ['--query-gpu=driver_version,name', '--format=csv,noheader'];
  const { status, stdout } = spawnSync('nvidia-smi', query, {
    encoding: 'utf8',
    timeout: 20_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (
    (status === 0 ? parseQuery(stdout) : undefined) ??
    parseModule(readTextIfThere('/proc/driver/nvidia/version') ?? '')
  );
}

/** `535.129.03, NVIDIA A100-SXM4-40GB`, a line per GPU. */
export function parseQuery(text: string): Driver | undefined {
  const lines = [...text.matchAll(/^(\d+(?:\.\d+)+), *(.+)$/gm)];
  const version = lines[0]?.[1];
  return version === undefined ? undefined : { version, gpus: lines.map((line) => line[2]!.trim()) };
}

/** `NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 18:56:32 UTC 2023`. */
export function parseModule(text: string): Driver | undefined {
  const version = /^NVRM version:.*?\b(\d+\.\d+(?:\.\d+)?)\b/m.exec(text)?.[1];
  return version === undefined ? undefined : { version, gpus: [] };
}

/** Why a GPU cannot be used, or undefined. */
export function findDriverFault(driver: Driver | undefined): string | undefined {
  if (driver === undefined) return 'no NVIDIA driver was found';
  if (compareVersions(driver.version, oldestDriver) >= 0) return undefined;
  return `the NVIDIA driver is ${driver.version}, and CUDA ${release.cuda} wants ${oldestDriver} or later`;
}
