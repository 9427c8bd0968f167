import { timestamp } from '../core/clock.js';
import { HeldoutError } from '../core/errors.js';
import type { FailureReport } from '../core/events.js';
import { writeElsewhere } from '../core/files/file-errors.js';
import { readTextIfThere, writeFileAtomic } from '../core/files/files.js';
import { canonicalJson, isJsonObject } from '../core/json.js';
import type { RunPaths } from './folder.js';
import { findHolder, type LockHolder, type LockOptions } from './lock/lock.js';
import { RUN_SCHEMA } from './schema.js';

export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'interrupted';

/** Size and SHA-256 of a file of a run, by its path relative to the run folder. */
export type FileSums = Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;

export interface RunStatus {
  readonly schema: number;
  readonly run: string;
  readonly state: RunState;
  /** How often the run was started. */
  readonly attempts: number;
  readonly pid?: number;
  readonly host?: string;
  /** ISO 8601, UTC: when the run was first seen, when its last attempt began, when it ended. */
  readonly created: string;
  readonly started?: string;
  readonly ended?: string;
  /** Wall time of all attempts that ended in order. */
  readonly seconds: number;
  readonly error?: FailureReport;
  /** How far the run has come: last training step, and the evaluation that its record is from. */
  readonly stages: { readonly trained?: number; readonly evaluated?: string };
  /** What a finished run consists of, to notice damage. */
  readonly files?: FileSums;
}

/** Where a run may go from each state; `done` opens again for another evaluation or after damage. */
const transitions: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'failed', 'interrupted'],
  running: ['done', 'failed', 'interrupted'],
  done: ['running', 'failed'],
  failed: ['running', 'failed'],
  interrupted: ['running', 'failed', 'interrupted'],
};

export function newStatus(run: string): RunStatus {
  return {
    schema: RUN_SCHEMA,
    run,
    state: 'queued',
    attempts: 0,
    created: timestamp(),
    seconds: 0,
    stages: {},
  };
}

/** The status in its next state; `error`, `ended` and `files` of the former one are forgotten. */
export function moveStatus(
  status: RunStatus,
  state: RunState,
  changes: Partial<Omit<RunStatus, 'schema' | 'run' | 'state'>> = {},
): RunStatus {
  if (!transitions[status.state].includes(state)) {
    throw new Error(`run ${status.run} cannot go from ${status.state} to ${state}`);
  }
  const { error: _error, ended: _ended, files: _files, ...kept } = status;
  return { ...kept, ...changes, state };
}

export function writeStatus(paths: RunPaths, status: RunStatus): void {
  writeFileAtomic(paths.status, `${JSON.stringify(status, null, 2)}\n`);
}

/**
 * The status as it stands in the file, or undefined where there is no run. One that cannot be read
 * counts as interrupted: the run's other files say how far it came.
 */
export function readStatus(paths: RunPaths, run: string): RunStatus | undefined {
  const text = readTextIfThere(paths.status);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value) && typeof value.schema === 'number') {
      if (value.schema !== RUN_SCHEMA || isStatus(value)) return value as unknown as RunStatus;
    }
  } catch {
    // Reported below, like any other damage.
  }
  const error = { code: 'E_STATUS_DAMAGED', message: 'status.json is damaged', hints: [] };
  return { ...newStatus(run), state: 'interrupted', error };
}

/** The status as it is: `running` whose process is gone is `interrupted`; `holder` is who runs it now. */
export function observeStatus(
  paths: RunPaths,
  run: string,
  options: LockOptions = {},
): { readonly status: RunStatus | undefined; readonly holder: LockHolder | undefined } {
  const status = readStatus(paths, run);
  if (status === undefined) return { status, holder: undefined };
  const holder = findHolder(paths.lock, options);
  if (holder !== undefined && status.state === 'running') return { status, holder };
  // Read again: the holder may have finished between the two looks.
  const settled = readStatus(paths, run) ?? status;
  if (settled.state === 'running' && holder === undefined) {
    return { status: { ...settled, state: 'interrupted' }, holder };
  }
  return { status: settled, holder };
}

/** Throws E_RUN_SCHEMA for a run folder that another version of Heldout made. */
export function refuseOtherSchema(schema: unknown, folder: string): void {
  if (schema !== RUN_SCHEMA) throw otherSchemaError(schema, folder);
}

export function otherSchemaError(schema: unknown, folder: string): HeldoutError {
  return new HeldoutError({
    code: 'E_RUN_SCHEMA',
    message: `this run folder has schema version ${canonicalJson(schema ?? null)}, this version of Heldout reads ${RUN_SCHEMA}`,
    place: folder,
    hints: [
      `move it away: mv ${folder} ${folder}.old`,
      'or use the version of Heldout that made it (manifest.json names the commit)',
      `or ${writeElsewhere}`,
    ],
    exitCode: 1,
  });
}

function isStatus(value: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof value.run === 'string' &&
    typeof value.state === 'string' &&
    Object.hasOwn(transitions, value.state) &&
    typeof value.attempts === 'number' &&
    typeof value.created === 'string' &&
    typeof value.seconds === 'number' &&
    isJsonObject(value.stages)
  );
}
