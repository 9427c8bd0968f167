import type { JobEvent } from '../core/events.js';
import type { BoardStart } from './board.js';

/** Shows how a launch goes; consumes the events of its jobs. */
export interface Reporter {
  start(start: BoardStart): void;
  report(event: JobEvent): void;
  /** A line of the launching process itself. */
  note(line: string): void;
  /** Shows the last state and leaves the terminal as it was. */
  end(): void;
}

/** Where a reporter writes: `process.stderr`, so that tables alone go to the standard output. */
export interface ReporterStream {
  write(text: string): unknown;
  readonly columns?: number;
}
