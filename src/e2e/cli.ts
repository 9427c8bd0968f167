import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { main } from '../cli/main.js';
import { projectRoot } from '../core/files/paths.js';

export interface CommandResult {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts the real command, as `npm run PROGRAM -- ARGS` does but for npm's own start. `detached`: in a process
 * group of its own, as a terminal does it, so that one signal can reach it and its jobs.
 */
export function startCommand(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  detached = false,
  root = projectRoot(),
): ReturnType<typeof spawn> {
  return spawn(program, args, environment, detached, root);
}

function spawn(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  detached: boolean,
  root: string,
) {
  return execa('node', [join(root, 'scripts', 'heldout.mjs'), program, ...args], {
    reject: false,
    detached,
    // A command that takes its time to save its state must be seen to do so.
    forceKillAfterDelay: false,
    cwd: root,
    env: { NO_COLOR: '1', INIT_CWD: root, ...environment } as NodeJS.ProcessEnv,
  });
}

/** Runs the real command to its end. */
export async function runCommand(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  root = projectRoot(),
): Promise<CommandResult> {
  const result = await startCommand(program, args, environment, false, root);
  return { code: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/**
 * What the command says and ends with, without the half second that a process of its own takes to begin: for
 * what is refused or shown before a job starts. One at a time, for there is one standard output.
 */
export async function callCommand(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const streams = [process.stdout, process.stderr] as const;
  const told = ['', ''];
  const before = streams.map((stream) => ({ write: stream.write, listeners: stream.listeners('error') }));
  const variables = { ...process.env };
  Object.assign(process.env, { NO_COLOR: '1', INIT_CWD: projectRoot() }, environment);
  for (const [index, stream] of streams.entries()) {
    stream.write = (chunk: string | Uint8Array) => {
      told[index] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      return true;
    };
  }
  try {
    const code = await main(program, args);
    return { code, stdout: told[0]!.replace(/\n$/, ''), stderr: told[1]!.replace(/\n$/, '') };
  } finally {
    for (const [index, stream] of streams.entries()) {
      stream.write = before[index]!.write;
      for (const listener of stream.listeners('error'))
        if (!before[index]!.listeners.includes(listener)) stream.off('error', listener as () => void);
    }
    for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
    Object.assign(process.env, variables);
  }
}

/** A new folder for one test's results. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'heldout-e2e-'));
}

/**
 * A real study that takes seconds: the dSprites study on a grid of 3 x 6 x 2 x 4 x 4 images with a narrow
 * MLP, two splits and one seed. It writes to `results`.
 */
export function toyStudy(results: string, ...more: readonly string[]): string[] {
  return [
    '--config',
    'ood.yaml',
    '--progress',
    'plain',
    'dataset.levels={orientation: {first: 4}, x: {every: 8}, y: {every: 8}}',
    'model=mlp',
    'model.widths=[16,8]',
    'split=random,extrapolation',
    'seed=0',
    'training.steps=40',
    'training.batch_size=16',
    'training.checkpoint_every=10',
    'training.log_every=5',
    'training.monitor={every: 20, examples: 32}',
    'evaluation.train_examples=64',
    'evaluation.test_examples=128',
    `paths.results=${results}`,
    ...more,
  ];
}
