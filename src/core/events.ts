/** What a job tells its parent, in the order in which it may happen. Sent over IPC as plain objects. */
export type JobEvent =
  | { readonly type: 'started'; readonly run: string; readonly backend: string; readonly resumedFrom: number }
  | ProgressEvent
  | { readonly type: 'checkpoint'; readonly run: string; readonly step: number }
  | { readonly type: 'warning'; readonly run: string; readonly message: string }
  | { readonly type: 'locked'; readonly run: string; readonly holder: string }
  | {
      readonly type: 'interrupted';
      readonly run: string;
      /** Updates that are saved, where that is known. */
      readonly step?: number;
      /** What stopped it, when it was not asked to stop. */
      readonly error?: FailureReport;
    }
  | {
      readonly type: 'finished';
      readonly run: string;
      /** Wall time of the process that did it, its start included: of this attempt alone. */
      readonly seconds: number;
      /** Absent where the job found nothing to do. */
      readonly spent?: TimeSpent;
    }
  | { readonly type: 'failed'; readonly run: string; readonly error: FailureReport };

export interface ProgressEvent {
  readonly type: 'progress';
  readonly run: string;
  readonly stage: string;
  /** Steps (or examples) done and to do in this stage. */
  readonly done: number;
  readonly total: number;
  /** Latest training loss; absent in stages that have none. */
  readonly loss?: number;
  /** Steps (or examples) per second. */
  readonly rate: number;
}

/** Where the wall time of a job's process went. */
export interface TimeSpent {
  /** Seconds for all but the following: starting the process and the engine, preparing the data. */
  readonly start: number;
  /** Units are updates of the parameters. */
  readonly training?: Work;
  /** Units are examples. */
  readonly evaluation?: Work;
}

export interface Work {
  readonly seconds: number;
  readonly units: number;
}

export interface FailureReport {
  readonly code: string;
  readonly message: string;
  readonly hints: readonly string[];
}
