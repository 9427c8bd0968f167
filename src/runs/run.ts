import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { monotonicSeconds, timestamp } from '../core/clock.js';
import type { FailureReport } from '../core/events.js';
import {
  appendLine,
  makeFolder,
  readTextIfThere,
  removeAtomic,
  temporaryOwner,
  writeFileAtomic,
} from '../core/files.js';
import type { Json, JsonObject } from '../core/json.js';
import type { TrainState } from '../engine/engine.js';
import { trackers } from '../tracking/index.js';
import { emptyMark, isMarkIntact, type MetricsLog } from '../tracking/metrics-log.js';
import {
  type Checkpoint,
  findLastGoodCheckpoint,
  listCheckpoints,
  pruneCheckpoints,
  stepOf,
  writeCheckpoint,
} from './checkpoints.js';
import { findDamage, sumFiles } from './damage.js';
import { isOutsideFailure, reportFailure } from './failure.js';
import { type RunPaths, runFolder, runPaths } from './folder.js';
import { evaluationId, groupId, runId } from './identity.js';
import { acquireLock, describeHolder, type Lock, type LockHolder, type LockOptions } from './lock.js';
import { type Manifest, type RunFacts, readManifest, writeManifest } from './manifest.js';
import {
  moveStatus,
  newStatus,
  type RunStatus,
  readStatus,
  refuseOtherSchema,
  writeStatus,
} from './status.js';

/** What a run is to be; a planned job is one. */
export interface RunSpec {
  /** `runId(config)`. */
  readonly run: string;
  readonly config: JsonObject;
  /** The config before interpolation. */
  readonly composed: Json;
  readonly overrides: readonly string[];
  readonly provenance: Json;
}

export interface OpenRunOptions {
  readonly resultsFolder: string;
  readonly study: string;
  readonly spec: RunSpec;
  /** Checkpoints to keep while training; a finished run keeps one. Default 2. */
  readonly keepCheckpoints?: number;
  /** Hears of damage that was found and what is done about it; also written to the log. */
  readonly onWarning?: (message: string) => void;
  readonly lock?: LockOptions;
  /** Opens also a run that is done: it is to be evaluated anew. */
  readonly reopen?: boolean;
}

export type OpenedRun =
  | { readonly outcome: 'open'; readonly run: RunHandle }
  | { readonly outcome: 'locked'; readonly holder: LockHolder }
  | { readonly outcome: 'done'; readonly status: RunStatus };

/**
 * A run in the hands of the one process that may write it. In order: `continueFrom`, `begin`, then
 * `metrics.append` and `saveCheckpoint` while training, `finishTraining`, `writeFile` for predictions and
 * record, and one of `finish`, `fail` and `interrupt`, which also give the lock back.
 */
export interface RunHandle {
  readonly id: string;
  readonly study: string;
  readonly config: JsonObject;
  /** Id of the evaluation that the config asks for. */
  readonly evaluation: string;
  readonly paths: RunPaths;
  status(): RunStatus;
  /** What an earlier attempt began with: its engine choices are to be used again. */
  manifest(): Manifest | undefined;
  /** Adds a line, with the time, to log.txt. */
  log(line: string): void;
  /** Logs a line and tells `onWarning`. */
  warn(message: string): void;
  /**
   * The last good checkpoint, or undefined to start from step 0. Drops later checkpoints and the part of
   * metrics.jsonl behind it, so that the run goes on as if it had never stopped.
   */
  continueFrom(): Checkpoint | undefined;
  /** Writes the manifest; call before the first step. */
  begin(facts: RunFacts, patch?: string): Manifest;
  /** metrics.jsonl; only after `continueFrom`. */
  readonly metrics: MetricsLog;
  /** Saves what `continueFrom` gives back: the state and `extra`, which holds no NaN. */
  saveCheckpoint(state: TrainState, extra: Json): void;
  /** Notes that training is complete after `step` updates. */
  finishTraining(step: number): void;
  /** Writes a file into the run folder, whole or not at all, and returns its path. */
  writeFile(name: string, data: string | NodeJS.ArrayBufferView): string;
  /** Done: keeps the last checkpoint and the sums of all files. `files`: further ones, by their paths. */
  finish(files?: readonly string[]): RunStatus;
  /** Failed, or interrupted where the surroundings failed (no space). Never throws. */
  fail(error: unknown): FailureReport;
  interrupt(): RunStatus;
  /** Gives the lock back without a word; a run that was still running counts as interrupted. */
  release(): void;
}

/**
 * Opens a run for work: takes its lock and writes what it is to be. Says `locked` when another process
 * has it, and `done` when there is nothing to do. Throws E_RUN_SCHEMA for a folder of another version.
 */
export function openRun(options: OpenRunOptions): OpenedRun {
  const { spec, study, resultsFolder } = options;
  if (runId(spec.config) !== spec.run) throw new Error(`the config is not that of run ${spec.run}`);
  const paths = runPaths(runFolder(resultsFolder, study, spec.run));
  refuseForeign(paths, spec.run);
  const attempt = acquireLock(paths.lock, options.lock);
  if (!attempt.held) return { outcome: 'locked', holder: attempt.holder };
  try {
    refuseForeign(paths, spec.run);
    const evaluation = evaluationId(spec.config);
    const status = readStatus(paths, spec.run) ?? newStatus(spec.run);
    const damage = describeDamage(paths, status, evaluation);
    const isDone = status.state === 'done' && status.stages.evaluated === evaluation && damage === undefined;
    if (isDone && options.reopen !== true) {
      attempt.lock.release();
      return { outcome: 'done', status };
    }
    const run = holdRun(options, paths, attempt.lock, status, damage);
    if (attempt.takenFrom !== undefined) {
      run.log(`taken over from ${describeHolder(attempt.takenFrom)}, which is gone`);
    }
    return { outcome: 'open', run };
  } catch (error) {
    attempt.lock.release();
    throw error;
  }
}

function refuseForeign(paths: RunPaths, run: string): void {
  const status = readStatus(paths, run);
  if (status !== undefined) refuseOtherSchema(status.schema, paths.folder);
  readManifest(paths);
}

function describeDamage(paths: RunPaths, status: RunStatus, evaluation: string): string | undefined {
  if (status.error?.code === 'E_STATUS_DAMAGED') return status.error.message;
  if (status.state !== 'done' || status.stages.evaluated !== evaluation) return undefined;
  return findDamage(paths, status.files ?? {});
}

function holdRun(
  options: OpenRunOptions,
  paths: RunPaths,
  lock: Lock,
  former: RunStatus,
  damage: string | undefined,
): RunHandle {
  const { spec, study, keepCheckpoints = 2 } = options;
  const evaluation = evaluationId(spec.config);
  const since = monotonicSeconds();
  makeFolder(paths.folder);
  removeLeftovers(paths);
  // A process that died while running left no word; the transition is made up for here.
  const settled = former.state === 'running' ? moveStatus(former, 'interrupted') : former;
  let status = moveStatus(settled, 'running', {
    attempts: settled.attempts + 1,
    pid: process.pid,
    host: hostname(),
    started: timestamp(),
  });
  writeStatus(paths, status);
  writeSnapshot(paths, spec);

  let resumedFrom = 0;
  let metrics: MetricsLog | undefined;

  const move = (state: 'done' | 'failed' | 'interrupted', changes: Partial<RunStatus> = {}) => {
    lock.assertHeld();
    const seconds = status.seconds + (monotonicSeconds() - since);
    status = moveStatus(status, state, { ...changes, ended: timestamp(), seconds });
    writeStatus(paths, status);
    lock.release();
    return status;
  };

  const run: RunHandle = {
    id: spec.run,
    study,
    config: spec.config,
    evaluation,
    paths,
    status: () => status,
    manifest: () => readManifest(paths),
    log: (line) => appendLine(paths.log, `${timestamp()} ${line}`),
    warn(message) {
      run.log(`warning: ${message}`);
      options.onWarning?.(message);
    },
    get metrics() {
      if (metrics === undefined) throw new Error('metrics are open only after continueFrom()');
      return metrics;
    },
    continueFrom() {
      lock.assertHeld();
      const { checkpoint, skipped } = findLastGoodCheckpoint(paths.checkpoints, spec.run, (candidate) =>
        isMarkIntact(paths.metrics, candidate.metrics) ? undefined : 'metrics.jsonl is damaged before it',
      );
      resumedFrom = checkpoint?.state.step ?? 0;
      const going = resumedFrom === 0 ? 'it starts again from step 0' : `it goes back to step ${resumedFrom}`;
      if (damage !== undefined) run.warn(`run ${spec.run}: ${damage}; ${going}`);
      for (const { folder, reason } of skipped) {
        run.warn(`run ${spec.run}: checkpoint ${basename(folder)} is no good: ${reason}; ${going}`);
      }
      for (const folder of listCheckpoints(paths.checkpoints)) {
        if (checkpoint === undefined || (stepOf(folder) ?? 0) > resumedFrom) removeAtomic(folder);
      }
      metrics = trackers.jsonl(paths.metrics, checkpoint?.metrics ?? emptyMark);
      run.log(checkpoint === undefined ? 'starts from step 0' : `continues from step ${resumedFrom}`);
      return checkpoint;
    },
    begin(facts, patch = '') {
      lock.assertHeld();
      if (patch !== '' && resumedFrom === 0) writeFileAtomic(paths.patch, patch);
      const identity = { run: spec.run, group: groupId(spec.config), study };
      return writeManifest(paths, identity, facts, resumedFrom);
    },
    saveCheckpoint(state, extra) {
      lock.assertHeld();
      writeCheckpoint(paths.checkpoints, spec.run, state, run.metrics.mark(), extra);
      pruneCheckpoints(paths.checkpoints, keepCheckpoints);
    },
    finishTraining(step) {
      lock.assertHeld();
      status = { ...status, stages: { ...status.stages, trained: step } };
      writeStatus(paths, status);
    },
    writeFile(name, data) {
      lock.assertHeld();
      const path = join(paths.folder, name);
      writeFileAtomic(path, data);
      return path;
    },
    finish(files = []) {
      lock.assertHeld();
      pruneCheckpoints(paths.checkpoints, 1);
      const sums = sumFiles(paths, listCheckpoints(paths.checkpoints).at(-1), files);
      return move('done', { stages: { ...status.stages, evaluated: evaluation }, files: sums });
    },
    fail(error) {
      const report = reportFailure(error);
      try {
        run.log(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        move(isOutsideFailure(report) ? 'interrupted' : 'failed', { error: report });
      } catch {
        // The disk is full or the run is another's by now: what the caller gets is all that can be said.
        lock.release();
      }
      return report;
    },
    interrupt() {
      run.log('interrupted');
      return move('interrupted');
    },
    release: () => lock.release(),
  };
  return run;
}

/** What the run is to be, for people and for `status`; the job itself reads its plan. */
function writeSnapshot(paths: RunPaths, spec: RunSpec): void {
  const files: readonly (readonly [string, string])[] = [
    [paths.config, stringify(spec.composed)],
    [paths.resolved, stringify(spec.config)],
    [paths.overrides, spec.overrides.map((line) => `${line}\n`).join('')],
    [paths.provenance, `${JSON.stringify(spec.provenance, null, 2)}\n`],
  ];
  for (const [path, text] of files) {
    if (readTextIfThere(path) !== text) writeFileAtomic(path, text);
  }
}

/** Half-written files of a process that died; those of the lock belong to whoever tries for it. */
function removeLeftovers(paths: RunPaths): void {
  for (const folder of [paths.folder, paths.checkpoints]) {
    makeFolder(folder);
    for (const name of readdirSync(folder)) {
      if (temporaryOwner(name) !== undefined && !name.startsWith('lock')) removeAtomic(join(folder, name));
    }
  }
}
