import { stripVTControlCharacters, styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import { formatDuration, monotonicSeconds } from '../core/clock.js';
import { type Board, estimateRun, type RunProgress, startBoard, updateBoard } from './board.js';
import { describeEvent } from './plain.js';
import type { Reporter } from './reporter.js';
import { describeCounts, describeLeft, formatLoss, formatRate, fractionOf } from './words.js';

/** Redraws per second at most. */
const framesPerSecond = 5;
const barWidth = 16;

export interface BoardStyle {
  readonly color: boolean;
  /** Columns and rows of the terminal. */
  readonly columns: number;
  readonly rows: number;
}

/** A board that redraws itself in place; what is to stay (failures, warnings) scrolls by above it. */
export function reportOnBoard(
  stream: NodeJS.WriteStream,
  color: boolean,
  now: () => number = monotonicSeconds,
): Reporter {
  const draw = createLogUpdate(stream);
  let board: Board | undefined;
  let timer: NodeJS.Timeout | undefined;
  const style = () => ({ color, columns: stream.columns ?? 80, rows: stream.rows ?? 24 });
  const redraw = () => {
    if (board !== undefined) draw(renderBoard(board, now(), style()));
  };
  const printAbove = (line: string) => {
    draw.clear();
    stream.write(`${line}\n`);
    redraw();
  };

  return {
    start(start) {
      board = startBoard(start, now());
      timer = setInterval(redraw, 1000 / framesPerSecond);
      timer.unref();
      redraw();
    },
    report(event) {
      if (board === undefined) return;
      const label = board.labels[event.run] ?? event.run;
      board = updateBoard(board, event, now());
      if (event.type === 'progress' || event.type === 'started' || event.type === 'checkpoint') return;
      for (const line of describeEvent(event)) printAbove(`${label}: ${line}`);
    },
    note: printAbove,
    end() {
      clearInterval(timer);
      redraw();
      draw.done();
    },
  };
}

/** The board as lines: one per run in work, as many as fit, and the whole below them. */
export function renderBoard(board: Board, now: number, style: BoardStyle): string {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    style.color ? styleText(format, text, { validateStream: false }) : text;
  const width = Math.max(0, ...board.running.map(({ label }) => label.length));
  const space = Math.max(1, style.rows - 3);
  const shown = board.running.slice(0, space);
  const hidden = board.running.length - shown.length;
  const lines = shown.map((run) => renderRun(run, width, now, paint));
  if (hidden > 0) lines.push(paint('dim', `and ${hidden} more`));
  const counts = describeCounts(board);
  lines.push(
    `${board.failed > 0 ? paint('red', counts) : paint('bold', counts)}; ${describeLeft(board, now)}`,
  );
  return lines.map((line) => cut(line, style.columns)).join('\n');
}

function renderRun(
  run: RunProgress,
  width: number,
  now: number,
  paint: (format: 'cyan' | 'dim', text: string) => string,
): string {
  const filled = Math.round(barWidth * fractionOf(run));
  const bar = paint('cyan', '━'.repeat(filled)) + paint('dim', '─'.repeat(barWidth - filled));
  const left = estimateRun(run);
  const parts = [
    run.total > 0 ? `${run.stage} ${run.done}/${run.total}` : run.stage,
    formatLoss(run.loss),
    formatRate(run.rate),
    left === undefined ? formatDuration(now - run.since) : `${formatDuration(left)} left`,
  ];
  return `${run.label.padEnd(width)}  ${bar}  ${parts.filter(Boolean).join('  ')}`;
}

/** A line that wraps would be drawn twice; one that is too long loses its colours with its end. */
function cut(line: string, columns: number): string {
  const text = stripVTControlCharacters(line);
  return text.length <= columns ? line : `${text.slice(0, columns - 1)}…`;
}
