import type { JobEvent } from '../../core/events.js';
import { createPace } from '../../training/pace.js';

export interface ProgressOptions {
  /** Id of the run. */
  readonly run: string;
  readonly signal: AbortSignal;
  emit(event: JobEvent): void;
}

/** How far a stage of a job is; it stops between two batches when the signal fires. */
export interface Progress {
  /** So many of the part under way are done. Throws the signal's reason once it has fired. */
  tell(done: number): void;
  /** A part of so many is over. */
  pass(count: number): void;
}

/** @param total Examples of all parts together. */
export function createProgress(
  { run, signal, emit }: ProgressOptions,
  total: number,
  stage = 'evaluate',
): Progress {
  const pace = createPace(0);
  let before = 0;
  return {
    tell(part) {
      signal.throwIfAborted();
      const done = before + part;
      const rate = pace.measure(done);
      if (rate !== undefined) emit({ type: 'progress', run, stage, done, total, rate });
    },
    pass(count) {
      before += count;
    },
  };
}
