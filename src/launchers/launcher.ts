import type { FailureReport, JobEvent } from '../core/events.js';

/** A job as a launcher sees it: something to start, and where its log goes. */
export interface LaunchJob {
  readonly index: number;
  readonly run: string;
  readonly label: string;
  /** The run folder. */
  readonly folder: string;
}

/** Jobs that one process does together: at least one. */
export type Batch = readonly [LaunchJob, ...LaunchJob[]];

export interface LaunchOptions {
  /** Program and arguments of the process of a batch. */
  command(batch: Batch): readonly [string, ...string[]];
  /** Further environment variables of that process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How many processes at a time. */
  readonly concurrency: number;
  /** Hears every event of every job; also `failed` and `interrupted` for a job that ended without a word. */
  onEvent(event: JobEvent, job: LaunchJob): void;
  /** When aborted, jobs are asked to stop (they save their state), and none is started any more. */
  readonly stop?: AbortSignal;
  /** When aborted, jobs are killed. */
  readonly kill?: AbortSignal;
  /** Ask the other jobs to stop once one has failed. */
  readonly failFast?: boolean;
  /** The jobs look at runs that were made before: whatever becomes of the jobs, their runs' states stay. */
  readonly keepStates?: boolean;
}

/** `locked`: another process has the run. */
export type JobOutcome = 'done' | 'failed' | 'interrupted' | 'locked' | 'not started';

export interface JobResult {
  readonly job: LaunchJob;
  readonly outcome: JobOutcome;
  readonly error?: FailureReport;
  /** Who has the run, where the outcome is `locked`. */
  readonly holder?: string;
}

export interface Summary {
  /** In the order of the batches given. */
  readonly results: readonly JobResult[];
  readonly counts: Readonly<Record<JobOutcome, number>>;
  /** Whether someone asked to stop. */
  readonly stopped: boolean;
}

export type Launcher = (batches: readonly Batch[], options: LaunchOptions) => Promise<Summary>;

/** What a launcher says to a job. */
export interface StopMessage {
  readonly type: 'stop';
}

/** Environment variable in which a job finds the pid of the process that started it. */
export const parentVariable = 'HELDOUT_PARENT';
