import { reportAsJson } from './jsonl.js';
import { reportPlainly } from './plain.js';
import type { Reporter } from './reporter.js';
import { reportOnBoard } from './tty.js';

export type ProgressFormat = 'auto' | 'board' | 'plain' | 'jsonl' | 'none';

export interface ReporterChoice {
  /** `auto` is the board on a terminal and plain lines elsewhere. */
  readonly format: ProgressFormat;
  readonly stream: NodeJS.WriteStream;
  /** Default: `NO_COLOR` is not set to anything (https://no-color.org). */
  readonly color?: boolean;
}

export function chooseReporter({ format, stream, color = allowsColor() }: ReporterChoice): Reporter {
  switch (format === 'auto' ? (stream.isTTY ? 'board' : 'plain') : format) {
    case 'board':
      return reportOnBoard(stream, color);
    case 'plain':
      return reportPlainly(stream);
    case 'jsonl':
      return reportAsJson(stream);
    case 'none':
      return { start() {}, report() {}, note() {}, end() {} };
  }
}

function allowsColor(): boolean {
  return (process.env.NO_COLOR ?? '') === '' && process.env.TERM !== 'dumb';
}
