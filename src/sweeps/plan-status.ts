import type { FailureReport } from '../core/events.js';
import { findDamage } from '../runs/damage.js';
import { reportFailure } from '../runs/failure.js';
import { runFolder, runPaths } from '../runs/folder.js';
import { describeHolder } from '../runs/lock/lock.js';
import { evaluationId } from '../runs/provenance/identity.js';
import { RUN_SCHEMA } from '../runs/schema.js';
import { observeStatus, otherSchemaError, type RunState, type RunStatus } from '../runs/status.js';
import type { Plan, PlannedJob } from './plan.js';

export interface JobStatus {
  readonly job: PlannedJob;
  readonly folder: string;
  /** `queued` also where the run is done but not this evaluation of it, or where its files are damaged. */
  readonly state: RunState;
  /** Why it is not simply what `state` says: damage, another evaluation, who runs it. */
  readonly note?: string;
  readonly error?: FailureReport;
  readonly status?: RunStatus;
}

export interface PlanStatus {
  readonly jobs: readonly JobStatus[];
  readonly counts: Readonly<Record<RunState, number>>;
}

/** How far a plan is, from what lies on the disk: the sums of every finished run are checked. */
export function planStatus(plan: Plan, resultsFolder: string): PlanStatus {
  const jobs = plan.jobs.map((job) => observeJob(plan, job, resultsFolder));
  const counts: Record<RunState, number> = { queued: 0, running: 0, done: 0, failed: 0, interrupted: 0 };
  for (const { state } of jobs) counts[state] += 1;
  return { jobs, counts };
}

/** What a launch has to start: all but what is done or running, and what failed only on request. */
export function selectJobs(status: PlanStatus, retryFailed: boolean): readonly JobStatus[] {
  return status.jobs.filter(
    ({ state }) => state === 'queued' || state === 'interrupted' || (state === 'failed' && retryFailed),
  );
}

/**
 * `3 failed (--retry-failed runs them again)`, or how many of them it would: a folder of another schema
 * version stays as it is.
 */
export function describeFailed({ jobs, counts: { failed } }: PlanStatus, word: string): string[] {
  if (failed === 0) return [];
  const other = jobs.filter(
    ({ state, error }) => state === 'failed' && error?.code === 'E_RUN_SCHEMA',
  ).length;
  if (other === failed) return [`${failed} ${word}`];
  const which = other === 0 ? 'them' : `${failed - other} of them`;
  return [`${failed} ${word} (--retry-failed runs ${which} again)`];
}

function observeJob(plan: Plan, job: PlannedJob, resultsFolder: string): JobStatus {
  const folder = runFolder(resultsFolder, plan.study, job.run);
  const paths = runPaths(folder);
  const { status, holder } = observeStatus(paths, job.run);
  if (status === undefined) return { job, folder, state: 'queued' };
  const found = { job, folder, status };
  if (status.schema !== RUN_SCHEMA) {
    return { ...found, state: 'failed', error: reportFailure(otherSchemaError(status.schema, folder)) };
  }
  if (status.state === 'running' && holder !== undefined) {
    return { ...found, state: 'running', note: describeHolder(holder) };
  }
  if (status.state === 'done') {
    if (status.stages.evaluated !== evaluationId(job.config)) {
      return { ...found, state: 'queued', note: 'another evaluation is asked for' };
    }
    const damage = findDamage(paths, status.files ?? {});
    return damage === undefined ? { ...found, state: 'done' } : { ...found, state: 'queued', note: damage };
  }
  return { ...found, state: status.state, ...(status.error === undefined ? {} : { error: status.error }) };
}
