/** What a job tells its parent, in the order in which it may happen. Sent over IPC as plain objects. */
export type JobEvent =
  | { readonly type: 'started'; readonly run: string; readonly backend: string; readonly resumedFrom: number }
  | ProgressEvent
  | { readonly type: 'checkpoint'; readonly run: string; readonly step: number }
  | { readonly type: 'warning'; readonly run: string; readonly message: string }
  | { readonly type: 'locked'; readonly run: string; readonly holder: string }
  | { readonly type: 'interrupted'; readonly run: string; readonly step: number }
  | { readonly type: 'finished'; readonly run: string; readonly seconds: number }
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

export interface FailureReport {
  readonly code: string;
  readonly message: string;
  readonly hints: readonly string[];
}
