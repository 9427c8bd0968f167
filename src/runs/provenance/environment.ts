import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, hostname, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../core/hash.js';
import { isJsonObject } from '../../core/json.js';

/** What a run's numbers may depend on besides its config. */
export interface Environment {
  /** Null where the code is not in a git repository or git is missing. */
  readonly git: GitState | null;
  /** SHA-256 of package-lock.json (null when missing) and the installed versions of direct dependencies. */
  readonly packages: {
    readonly lockfile: string | null;
    readonly versions: Readonly<Record<string, string>>;
  };
  readonly node: string;
  readonly platform: string;
  readonly cpu: { readonly model: string; readonly cores: number; readonly available: number };
  /** Bytes. */
  readonly memory: number;
  readonly host: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The command line, one word per element. */
  readonly command: readonly string[];
}

export interface GitState {
  readonly commit: string;
  readonly branch: string;
  /** Whether tracked files differ from the commit. Untracked files are listed, not kept. */
  readonly dirty: boolean;
  readonly untracked: readonly string[];
  /** SHA-256 of patch.diff; null where there is none. */
  readonly patch: string | null;
  /** Why the changes of a dirty tree are not kept. */
  readonly omitted?: string;
}

export interface CapturedEnvironment {
  readonly environment: Environment;
  /** `git diff` against the commit; empty for a clean tree, and where it is not kept. */
  readonly patch: string;
}

/** Variables that change what is computed, and how fast; others may hold secrets and are not kept. */
const telling =
  /^(HELDOUT_|OMP_NUM_THREADS$|TF_|XLA_|NVIDIA_TF32_OVERRIDE$|CUDA_VISIBLE_DEVICES$|SLURM_JOB_ID$|NODE_OPTIONS$|UV_THREADPOOL_SIZE$)/;
const longestUntracked = 100;

/**
 * Looks once, at launch, so that every run of a sweep carries what it was launched with. Changes of the code
 * beyond `patchLimit` bytes are not kept.
 */
export function captureEnvironment(
  root: string,
  command: readonly string[],
  patchLimit = 16 * 1024 ** 2,
): CapturedEnvironment {
  const { state, patch } = readGit(root, patchLimit);
  const environment: Environment = {
    git: state,
    packages: readPackages(root),
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: { model: cpus()[0]?.model ?? 'unknown', cores: cpus().length, available: availableParallelism() },
    memory: totalmem(),
    host: hostname(),
    variables: Object.fromEntries(
      Object.entries(process.env)
        .filter((entry): entry is [string, string] => telling.test(entry[0]) && entry[1] !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    command,
  };
  return { environment, patch };
}

function readGit(
  root: string,
  patchLimit: number,
): { readonly state: GitState | null; readonly patch: string } {
  const look = (...words: readonly string[]) => git(root, words);
  const commit = look('rev-parse', 'HEAD')?.trim();
  if (commit === undefined) return { state: null, patch: '' };
  const untracked = (look('ls-files', '--others', '--exclude-standard') ?? '').split('\n').filter(Boolean);
  const dirty = look('status', '--porcelain', '--untracked-files=no') !== '';
  const patch = dirty ? git(root, ['diff', 'HEAD', '--binary'], patchLimit) : '';
  const state: GitState = {
    commit,
    branch: look('rev-parse', '--abbrev-ref', 'HEAD')?.trim() ?? 'unknown',
    dirty,
    untracked: untracked.slice(0, longestUntracked),
    patch: patch === undefined || patch === '' ? null : sha256(patch),
    ...(patch === undefined
      ? { omitted: `git gives no patch of at most ${patchLimit / 1024 ** 2} MiB` }
      : {}),
  };
  return { state, patch: patch ?? '' };
}

/** What git prints, or undefined where it fails or prints more than `limit` bytes. */
function git(root: string, words: readonly string[], limit = 256 * 1024 ** 2): string | undefined {
  // A repository above an unpacked copy says nothing about the copy, so the search stops at its parent.
  const result = spawnSync('git', ['-C', root, ...words], {
    encoding: 'utf8',
    maxBuffer: limit,
    env: { ...process.env, GIT_CEILING_DIRECTORIES: join(root, '..'), GIT_OPTIONAL_LOCKS: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return result.status === 0 && result.error === undefined ? result.stdout : undefined;
}

function readPackages(root: string): Environment['packages'] {
  const text = readIfThere(join(root, 'package-lock.json'));
  if (text === undefined) return { lockfile: null, versions: {} };
  const versions: Record<string, string> = {};
  const lock: unknown = parseOrNull(text);
  const packages = isJsonObject(lock) && isJsonObject(lock.packages) ? lock.packages : {};
  const own = packages[''];
  const direct = isJsonObject(own) && isJsonObject(own.dependencies) ? Object.keys(own.dependencies) : [];
  for (const name of direct) {
    const installed = packages[`node_modules/${name}`];
    if (isJsonObject(installed) && typeof installed.version === 'string') versions[name] = installed.version;
  }
  return { lockfile: sha256(text), versions };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
