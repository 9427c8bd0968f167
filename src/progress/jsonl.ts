import { timestamp } from '../core/clock.js';
import type { Reporter, ReporterStream } from './reporter.js';

/** One JSON object per line, for programs: every event as it is, with the time. */
export function reportAsJson(stream: ReporterStream): Reporter {
  const print = (value: object) => stream.write(`${JSON.stringify({ time: timestamp(), ...value })}\n`);
  return {
    start: (start) => print({ type: 'launch', ...start }),
    report: print,
    note: (line) => print({ type: 'note', message: line }),
    end: () => print({ type: 'end' }),
  };
}
