import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { HeldoutError } from '../../core/errors.js';
import { release } from './release.js';

export interface Pip {
  readonly command: string;
  /** What comes before pip's own words: `-m pip`. */
  readonly words: readonly string[];
  readonly version: string;
}

const candidates: readonly (readonly [string, ...string[]])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];

/** The first pip on the PATH that answers. */
export function findPip(): Pip | undefined {
  for (const [command, ...words] of candidates) {
    const { status, stdout } = spawnSync(command, [...words, '--version'], {
      encoding: 'utf8',
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const version = status === 0 ? /^pip (\S+)/.exec(stdout)?.[1] : undefined;
    if (version !== undefined) return { command, words, version };
  }
  return undefined;
}

/** The wheels of any glibc that we support: pip takes each tag by itself, where it is told the platform. */
const platforms = ['2_27', '2_26', '2_25', '2_24', '2_17'].map((glibc) => `manylinux_${glibc}_x86_64`);

/** `pip download` of wheels for Linux x64, whatever Python and system pip itself runs on. */
export function downloadWords(requirements: readonly string[], folder: string): string[] {
  return [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    `--python-version=${release.python}`,
    '--implementation=cp',
    `--abi=cp${release.python.replace('.', '')}`,
    '--abi=none',
    ...[...platforms, 'manylinux2014_x86_64'].map((platform) => `--platform=${platform}`),
    '--no-cache-dir',
    '--no-input',
    '--disable-pip-version-check',
    '--progress-bar=off',
    `--dest=${folder}`,
    ...requirements,
  ];
}

/**
 * Downloads wheels into a new folder and returns their paths. pip compares them with the index's hashes.
 * @param scratch A folder for what pip downloads to: the system's own may be small.
 */
export async function download(
  pip: Pip,
  requirements: readonly string[],
  folder: string,
  scratch: string,
  signal: AbortSignal,
): Promise<{ readonly wheels: readonly string[]; readonly bytes: number }> {
  mkdirSync(folder, { recursive: true });
  mkdirSync(scratch, { recursive: true });
  const result = await execa(pip.command, [...pip.words, ...downloadWords(requirements, folder)], {
    reject: false,
    cancelSignal: signal,
    env: { TMPDIR: scratch, PIP_REQUIRE_VIRTUALENV: '0' },
    stdin: 'ignore',
    all: true,
  });
  signal.throwIfAborted();
  if (result.failed) throw explainDownload(requirements, result.all || (result.shortMessage ?? ''));
  const wheels = readdirSync(folder)
    .filter((name) => name.endsWith('.whl'))
    .map((name) => join(folder, name));
  return { wheels, bytes: wheels.reduce((sum, wheel) => sum + statSync(wheel).size, 0) };
}

const networkFault =
  /(Name or service not known|Temporary failure in name resolution|NameResolutionError|Connection refused|ConnectTimeout|Read timed out|ReadTimeout|timed out|Network is unreachable|No route to host|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|Connection reset|Connection aborted|IncompleteRead|ConnectionError)/;

/** What pip's words mean: no network, no space, or its own last error. */
export function explainDownload(requirements: readonly string[], output: string): HeldoutError {
  const last = [...output.matchAll(/^ERROR: (.+)$/gm)].at(-1)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
  const what = requirements.length > 1 ? `${requirements.length} wheels` : (requirements[0] ?? '');
  const refuse = (code: string, message: string, hints: readonly string[]) =>
    new HeldoutError({ code, message, hints, exitCode: 1 });
  if (/No space left on device|Errno 28|Errno 122|Disk quota exceeded/.test(output)) {
    return refuse('E_SETUP_DISK', `the disk is full: pip could not fetch ${what}`, [
      'free some space, or put the cache elsewhere: HELDOUT_CACHE=DIR npm run setup',
    ]);
  }
  const network = networkFault.exec(output)?.[1];
  if (network !== undefined) {
    return refuse('E_SETUP_NETWORK', `the network is missing: pip could not fetch ${what} (${network})`, [
      'check the connection (pip reads HTTPS_PROXY, PIP_INDEX_URL and pip.conf), then npm run setup again',
      'without a network: npm run setup -- --from DIR, with the site-packages/tensorflow of an installed TensorFlow',
    ]);
  }
  return refuse('E_SETUP_DOWNLOAD', `pip could not fetch ${what}: ${last}`, [
    `see it whole: python3 -m pip download --no-deps ${requirements[0] ?? ''}`,
    'npm run setup -- --from DIR takes a TensorFlow that is installed',
  ]);
}
