import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** What to type where no PyTorch is found. */
export const peerHint = 'npm run bench -- --setup-peer';

function peerFolder(): string {
  const { HELDOUT_CACHE, XDG_CACHE_HOME } = process.env;
  return join(HELDOUT_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'heldout'), 'peer');
}

/** A Python with torch: HELDOUT_PYTHON, the private one of `--setup-peer`, or python3; undefined without any. */
export function findPeer(): string | undefined {
  const candidates = [process.env.HELDOUT_PYTHON, join(peerFolder(), 'bin', 'python'), 'python3'];
  return candidates.find((python) => python && hasTorch(python));
}

function hasTorch(python: string): boolean {
  if (python.includes('/') && !existsSync(python)) return false;
  return spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0;
}

/** Makes a private Python with torch in the cache folder; returns the exit code. Leaves nothing when it fails. */
export function setupPeer(): number {
  const folder = peerFolder();
  const python = join(folder, 'bin', 'python');
  const say = (text: string) => process.stdout.write(`${text}\n`);
  if (hasTorch(python)) {
    say(`PyTorch is there: ${python}`);
    return 0;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  say(`a Python with PyTorch, for comparisons only, goes to ${folder}`);
  const install = [
    python,
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    'torch',
    'numpy',
  ];
  const failure =
    run(['python3', '-m', 'venv', folder]) ??
    // The build without CUDA is a tenth of the size; where its index cannot be reached, the usual one serves.
    (run([...install, '--index-url', 'https://download.pytorch.org/whl/cpu']) === undefined
      ? undefined
      : run(install));
  if (failure === undefined && hasTorch(python)) {
    say(`done: ${python}; npm run bench -- steps`);
    return 0;
  }
  rmSync(folder, { recursive: true, force: true });
  process.stderr.write(
    `error: PyTorch was not installed: ${failure ?? 'the installed one does not load'}\n` +
      '  → install python3 with venv and pip (Debian: apt install python3-venv), and check the network\n' +
      '  → or set HELDOUT_PYTHON to a Python that has torch\n',
  );
  return 1;
}

/** Runs a command; returns what went wrong, or undefined. */
function run([command = '', ...args]: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  if (status === 0) return undefined;
  const lines = (stderr ?? '').trim().split('\n');
  return (
    error?.message ?? lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? `code ${status}`
  );
}
