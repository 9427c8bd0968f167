import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, hostname, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../core/hash.js';
import { isJsonObject } from '../core/json.js';

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
  /** SHA-256 of patch.diff; null for a clean tree. */
  readonly patch: string | null;
}

export interface CapturedEnvironment {
  readonly environment: Environment;
  /** `git diff` against the commit, empty for a clean tree. */
  readonly patch: string;
}

/** Variables that change what is computed, and how fast; others may hold secrets and are not kept. */
const telling =
  /^(HELDOUT_|OMP_NUM_THREADS$|TF_|XLA_|NVIDIA_TF32_OVERRIDE$|CUDA_VISIBLE_DEVICES$|SLURM_JOB_ID$|NODE_OPTIONS$|UV_THREADPOOL_SIZE$)/;
const longestUntracked = 100;

/** Looks once, at launch, so that every run of a sweep carries what it was launched with. */
export function captureEnvironment(root: string, command: readonly string[]): CapturedEnvironment {
  const patch = git(root, 'diff', 'HEAD', '--binary') ?? '';
  const environment: Environment = {
    git: readGit(root, patch),
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

function readGit(root: string, patch: string): GitState | null {
  const commit = git(root, 'rev-parse', 'HEAD')?.trim();
  if (commit === undefined) return null;
  const untracked = (git(root, 'ls-files', '--others', '--exclude-standard') ?? '')
    .split('\n')
    .filter(Boolean);
  return {
    commit,
    branch: git(root, 'rev-parse', '--abbrev-ref', 'HEAD')?.trim() ?? 'unknown',
    dirty: patch !== '',
    untracked: untracked.slice(0, longestUntracked),
    patch: patch === '' ? null : sha256(patch),
  };
}

function git(root: string, ...words: readonly string[]): string | undefined {
  // A repository above an unpacked copy says nothing about the copy, so the search stops at its parent.
  const result = spawnSync('git', ['-C', root, ...words], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, GIT_CEILING_DIRECTORIES: join(root, '..'), GIT_OPTIONAL_LOCKS: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return result.status === 0 ? result.stdout : undefined;
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
