import { once } from 'node:events';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { execa, type Options, type ResultPromise } from 'execa';
import PQueue from 'p-queue';
import type { JobEvent } from '../core/events.js';
import { openForAppending } from '../core/files/files.js';
import { isJsonObject } from '../core/json.js';
import { listCheckpoints, stepOf } from '../runs/checkpoints/checkpoints.js';
import { settleCrash } from '../runs/crash.js';
import { type Ending, judgeFailure } from '../runs/failure.js';
import { type RunPaths, runPaths } from '../runs/folder.js';
import { readStatus } from '../runs/status.js';
import {
  type Batch,
  type JobOutcome,
  type JobResult,
  type LaunchJob,
  type LaunchOptions,
  parentVariable,
  type StopMessage,
  type Summary,
} from './launcher.js';

/** How much of a crashed job's output goes into its failure report. */
const tailBytes = 4096;
const tailLines = 10;

/** Signals by which a process is ended from outside; all others are its own crash. */
const fromOutside: readonly string[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/**
 * Runs every batch of jobs in a process of its own on this machine, the next one as soon as one ends. What a
 * process prints goes to the log.txt of its first job. A process that dies takes no other with it.
 */
export async function launchLocal(batches: readonly Batch[], options: LaunchOptions): Promise<Summary> {
  const queue = new PQueue({ concurrency: options.concurrency });
  const running = new Set<ResultPromise>();
  const results = new Map<LaunchJob, JobResult>();
  const defects: unknown[] = [];
  let stopped = false;

  const stop = () => {
    queue.clear();
    const message: StopMessage = { type: 'stop' };
    for (const child of running) if (child.connected) child.send(message, () => {});
  };
  const onStop = () => {
    stopped = true;
    stop();
  };
  const onKill = () => {
    onStop();
    for (const child of running) child.kill('SIGKILL');
  };
  options.stop?.addEventListener('abort', onStop);
  options.kill?.addEventListener('abort', onKill);

  const work = async (batch: Batch) => {
    const ended = await runBatch(batch, options, running);
    for (const result of ended) results.set(result.job, result);
    if (ended.some(({ outcome }) => outcome === 'failed') && options.failFast === true) stop();
  };
  try {
    if (options.stop?.aborted || options.kill?.aborted) stopped = true;
    else for (const batch of batches) queue.add(() => work(batch)).catch((error) => defects.push(error));
    await queue.onIdle();
  } finally {
    options.stop?.removeEventListener('abort', onStop);
    options.kill?.removeEventListener('abort', onKill);
  }
  if (defects.length > 0) throw defects[0];
  const all = batches.flat().map((job): JobResult => results.get(job) ?? { job, outcome: 'not started' });
  return { results: all, counts: countOutcomes(all), stopped };
}

async function runBatch(
  batch: Batch,
  options: LaunchOptions,
  running: Set<ResultPromise>,
): Promise<readonly JobResult[]> {
  const jobs = new Map(batch.map((job) => [job.run, job]));
  const last = new Map<string, JobEvent>();
  const tell = (event: JobEvent) => {
    const job = jobs.get(event.run);
    if (job === undefined) return;
    last.set(event.run, event);
    options.onEvent(event, job);
  };
  const logPath = runPaths(batch[0].folder).log;
  let log: number;
  try {
    log = openForAppending(logPath);
  } catch (error) {
    const { state, error: report } = judgeFailure(error);
    return batch.map((job) => {
      tell({ type: state, run: job.run, error: report });
      return { job, outcome: state, error: report };
    });
  }
  try {
    const begin = statSync(logPath).size;
    const child = startChild(options.command(batch), options, log);
    running.add(child);
    child.on('message', (message: unknown) => {
      if (isJobEvent(message)) tell(message);
    });
    const ended = await child.finally(() => running.delete(child));
    // The last messages may still be on their way when the process has ended.
    if (child.connected) await once(child, 'disconnect');
    const tail = readTail(logPath, begin);
    const killed = options.kill?.aborted === true;
    return batch.map((job) => {
      const word = last.get(job.run);
      if (word !== undefined && isLastWord(word)) return conclude(job, word);
      const paths = runPaths(job.folder);
      const { event, result, ending } = explainEnd(job, paths, ended, { tail, path: logPath }, killed);
      if (ending !== undefined && options.keepStates !== true) settle(paths, job.run, ending);
      tell(event);
      return result;
    });
  } finally {
    closeSync(log);
  }
}

function startChild(
  [program, ...words]: readonly [string, ...string[]],
  options: LaunchOptions,
  log: number,
): ResultPromise {
  // Output goes straight to the file: a job that outlives its parent must not fail on a closed pipe.
  // Any descriptor is handed on as it is; execa's types know those up to 9.
  const output = log as 3;
  const settings: Options = {
    ipc: true,
    buffer: false,
    reject: false,
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    env: { ...options.environment, [parentVariable]: String(process.pid) },
  };
  return execa(program, words, settings);
}

/** What to say of a job that ended without a last word, and with what its status is to be brought in line. */
function explainEnd(
  job: LaunchJob,
  paths: RunPaths,
  ended: Ended,
  output: { readonly tail: readonly string[]; readonly path: string },
  killed: boolean,
): { readonly event: JobEvent; readonly result: JobResult; readonly ending?: Ending } {
  const { run } = job;
  const status = readStatus(paths, run);
  const { exitCode, signal } = ended;
  if (exitCode === 0 && status?.state === 'done') {
    return {
      event: { type: 'finished', run, seconds: (ended.durationMs ?? 0) / 1000 },
      result: { job, outcome: 'done' },
    };
  }
  const hints = [`read ${output.path}`];
  if (exitCode === 130 || fromOutside.includes(signal ?? '')) {
    const asked = killed ? ', as asked' : '';
    const memory = !killed && signal === 'SIGKILL' ? ['the system kills processes when memory runs out'] : [];
    const message = `the process was ended by ${signal ?? 'an interrupt'}${asked}`;
    const error = { code: 'E_JOB_KILLED', message, hints: killed ? [] : [...memory, ...hints] };
    const step = stepOf(listCheckpoints(paths.checkpoints).at(-1) ?? '');
    return {
      event: { type: 'interrupted', run, ...(step === undefined ? {} : { step }) },
      result: { job, outcome: 'interrupted', error },
      ending: { state: 'interrupted', error },
    };
  }
  const hasStarted = exitCode !== undefined || signal !== undefined;
  const how = signal === undefined ? `with exit code ${exitCode}` : `by ${signal}`;
  const said = output.tail.length === 0 ? '' : `; its last words:\n${output.tail.join('\n')}`;
  const message = hasStarted
    ? `the process ended ${how}${said}`
    : `the process could not be started: ${ended.shortMessage ?? 'the system gives no reason'}`;
  const error = { code: 'E_JOB_CRASHED', message, hints };
  return {
    event: { type: 'failed', run, error },
    result: { job, outcome: 'failed', error },
    ...(hasStarted ? { ending: { state: 'failed', error } } : {}),
  };
}

function settle(paths: RunPaths, run: string, ending: Ending): void {
  try {
    settleCrash(paths, run, ending);
  } catch {
    // Nothing can be written: the status stays `running`, which counts as interrupted without a process.
  }
}

interface Ended {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly shortMessage?: string | undefined;
  readonly durationMs?: number | undefined;
}

function conclude(job: LaunchJob, event: JobEvent): JobResult {
  switch (event.type) {
    case 'finished':
      return { job, outcome: 'done' };
    case 'failed':
      return { job, outcome: 'failed', error: event.error };
    case 'locked':
      return { job, outcome: 'locked', holder: event.holder };
    case 'interrupted':
      return { job, outcome: 'interrupted', ...(event.error === undefined ? {} : { error: event.error }) };
    default:
      throw new Error(`${event.type} is no last word`);
  }
}

function isLastWord(event: JobEvent): boolean {
  return ['finished', 'failed', 'interrupted', 'locked'].includes(event.type);
}

function isJobEvent(message: unknown): message is JobEvent {
  return isJsonObject(message) && typeof message.type === 'string' && typeof message.run === 'string';
}

function countOutcomes(results: readonly JobResult[]): Record<JobOutcome, number> {
  const counts = { done: 0, failed: 0, interrupted: 0, locked: 0, 'not started': 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
}

/** The last lines that a job printed after `begin`. */
function readTail(path: string, begin: number): readonly string[] {
  const end = statSync(path).size;
  const from = Math.max(begin, end - tailBytes);
  const bytes = Buffer.alloc(end - from);
  const descriptor = openSync(path, 'r');
  try {
    readSync(descriptor, bytes, 0, bytes.length, from);
  } finally {
    closeSync(descriptor);
  }
  return bytes.toString('utf8').split('\n').filter(Boolean).slice(-tailLines);
}
