import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { timestamp } from '../core/clock.js';
import { appendLine, makeFolder, removeAtomic, syncFile, writeFileAtomic } from '../core/files/files.js';
import type { Json, JsonObject } from '../core/json.js';
import type { TrainState } from '../engine/engine.js';
import { emptyMark, isMarkIntact, type MetricsLog, openMetricsLog } from '../tracking/metrics-log.js';
import {
  type Checkpoint,
  findLastGoodCheckpoint,
  listCheckpoints,
  pruneCheckpoints,
  stepOf,
  writeCheckpoint,
} from './checkpoints/checkpoints.js';
import { findRunDamage, keepSums, sumFiles } from './damage.js';
import { type Ending, judgeFailure } from './failure.js';
import { type RunPaths, runFolder, runPaths } from './folder.js';
import { keepStatus, type StatusKeeper } from './keep-status.js';
import { acquireLock, describeHolder, type Lock, type LockHolder, type LockOptions } from './lock/lock.js';
import { removeLeftovers, writeSnapshot } from './prepare-folder.js';
import { evaluationId, groupId, runId } from './provenance/identity.js';
import { keepManifest } from './provenance/keep-manifest.js';
import { type Manifest, type RunFacts, readManifest } from './provenance/manifest.js';
import { newStatus, type RunStatus, readStatus, refuseOtherSchema } from './status.js';

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
  /** Hears of damage that was found and what is done about it; also written to the log. */
  readonly onWarning?: (message: string) => void;
  readonly lock?: LockOptions;
  /**
   * Opens the run, also one that is done, to evaluate what is there: until `finish` its state, its manifest, its
   * checkpoints and its metrics stay as they are, so that an evaluation that fails leaves the run as it found it.
   */
  readonly evaluate?: boolean;
}

/** Checkpoints that stay while training; a finished run keeps one. */
const keptCheckpoints = 2;

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
   * The last good checkpoint, or undefined to start from step 0. Drops the part of metrics.jsonl behind it, so
   * that the run goes on as if it had never stopped; later checkpoints stay until the next one is written. A
   * run that is opened to be evaluated takes its last checkpoint whatever metrics.jsonl has come to.
   */
  continueFrom(): Checkpoint | undefined;
  /** Writes the manifest (in an evaluation, `finish` does); call before the first step. */
  begin(facts: RunFacts, patch?: string): void;
  /** metrics.jsonl; only after `continueFrom`, and not in an evaluation. */
  readonly metrics: MetricsLog;
  /** Saves what `continueFrom` gives back: the state and `extra`, which holds no NaN. */
  saveCheckpoint(state: TrainState, extra: Json): void;
  /** Notes that training is complete after `step` updates. */
  finishTraining(step: number): void;
  /** Writes a file of the run folder, whole or not at all. */
  writeFile(
    file: 'split' | 'predictions' | 'record' | 'attacks',
    data: string | NodeJS.ArrayBufferView,
  ): void;
  /** Removes what an earlier evaluation wrote and this one does not; no error where there is none. */
  removeFile(file: 'attacks'): void;
  /** Done: keeps the last checkpoint and the sums of all files. */
  finish(): RunStatus;
  /** Failed, or interrupted where the surroundings failed (no space). Never throws. */
  fail(error: unknown): Ending;
  interrupt(): void;
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
    const damage = findRunDamage(paths, status, evaluation);
    const isDone = status.state === 'done' && status.stages.evaluated === evaluation && damage === undefined;
    if (isDone && options.evaluate !== true) {
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

function holdRun(
  options: OpenRunOptions,
  paths: RunPaths,
  lock: Lock,
  former: RunStatus,
  damage: string | undefined,
): RunHandle {
  const { spec, study, evaluate = false } = options;
  const evaluation = evaluationId(spec.config);
  makeFolder(paths.folder);
  removeLeftovers(paths);
  const status = keepStatus(paths, former, evaluate);
  const sums = former.files ?? {};
  const manifest = keepManifest(paths, { run: spec.run, group: groupId(spec.config), study }, sums, evaluate);
  if (!evaluate) {
    status.begin();
    writeSnapshot(paths, spec);
  }

  let resumedFrom = 0;
  let metrics: MetricsLog | undefined;
  /** What metrics.jsonl was when its run was trained. */
  let metricsSum = evaluate ? sums[basename(paths.metrics)] : undefined;
  /** Files that this attempt wrote, by name. */
  const written = new Set<string>();

  const end: StatusKeeper['end'] = (state, changes) => {
    lock.assertHeld();
    status.end(state, changes);
    lock.release();
  };

  const run: RunHandle = {
    id: spec.run,
    config: spec.config,
    evaluation,
    paths,
    status: status.read,
    manifest: manifest.read,
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
      const hasMetrics = ({ metrics: mark }: Checkpoint) => isMarkIntact(paths.metrics, mark);
      const { checkpoint, skipped } = findLastGoodCheckpoint(paths.checkpoints, spec.run, (candidate) =>
        evaluate || hasMetrics(candidate) ? undefined : 'metrics.jsonl is damaged before it',
      );
      resumedFrom = checkpoint?.state.step ?? 0;
      const going = describeWay(evaluate, resumedFrom);
      if (damage !== undefined) run.warn(`run ${spec.run}: ${damage}; ${going}`);
      if (manifest.setAside !== undefined) {
        run.warn(
          `run ${spec.run}: what its manifest was lies in ${basename(manifest.setAside)}; it gets a new one`,
        );
      }
      for (const { folder, reason } of skipped) {
        run.warn(`run ${spec.run}: checkpoint ${basename(folder)} is no good: ${reason}; ${going}`);
      }
      if (evaluate) {
        metricsSum = checkpoint?.metrics ?? metricsSum;
        if (damage === undefined && checkpoint !== undefined && !hasMetrics(checkpoint))
          run.warn(`run ${spec.run}: metrics.jsonl is damaged; ${going}`);
        return checkpoint;
      }
      if (resumedFrom < (status.read().stages.trained ?? 0)) status.noteTraining(undefined);
      metrics = openMetricsLog(paths.metrics, checkpoint?.metrics ?? emptyMark);
      run.log(checkpoint === undefined ? 'starts from step 0' : `continues from step ${resumedFrom}`);
      return checkpoint;
    },
    begin(facts, patch = '') {
      lock.assertHeld();
      manifest.begin(facts, patch, resumedFrom);
    },
    saveCheckpoint(state, extra) {
      lock.assertHeld();
      syncFile(paths.metrics);
      writeCheckpoint(paths.checkpoints, spec.run, state, run.metrics.mark(), extra);
      // Only now is there something in place of those that `continueFrom` passed over.
      for (const folder of listCheckpoints(paths.checkpoints)) {
        if ((stepOf(folder) ?? 0) > state.step) removeAtomic(folder);
      }
      pruneCheckpoints(paths.checkpoints, keptCheckpoints);
    },
    finishTraining(step) {
      lock.assertHeld();
      status.noteTraining(step);
    },
    writeFile(file, data) {
      lock.assertHeld();
      writeFileAtomic(paths[file], data);
      written.add(basename(paths[file]));
    },
    removeFile(file) {
      lock.assertHeld();
      if (existsSync(paths[file])) removeAtomic(paths[file]);
      written.add(basename(paths[file]));
    },
    finish() {
      lock.assertHeld();
      pruneCheckpoints(paths.checkpoints, 1);
      if (manifest.finish()) written.add(basename(paths.manifest));
      const found = sumFiles(paths, listCheckpoints(paths.checkpoints).at(-1));
      const files = {
        ...(evaluate ? keepSums(found, sums, written) : found),
        ...(metricsSum === undefined ? {} : { [basename(paths.metrics)]: metricsSum }),
      };
      end('done', { stages: { ...status.read().stages, evaluated: evaluation }, files });
      return status.read();
    },
    fail(error) {
      const ending = judgeFailure(error);
      try {
        run.log(
          `${ending.state}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
        end(ending.state, { error: ending.error });
      } catch {
        // The disk is full or the run is another's by now: what the caller gets is all that can be said.
        lock.release();
      }
      return ending;
    },
    interrupt() {
      run.log('interrupted');
      end('interrupted');
    },
  };
  return run;
}

/** What comes of damage or of a checkpoint that is no good. */
function describeWay(evaluate: boolean, step: number): string {
  if (evaluate) return step === 0 ? 'it is evaluated anew' : `it is evaluated as it is at step ${step}`;
  return step === 0 ? 'it starts again from step 0' : `it goes back to step ${step}`;
}
