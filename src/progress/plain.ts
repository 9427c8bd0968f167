import { formatDuration, monotonicSeconds } from '../core/clock.js';
import type { JobEvent, ProgressEvent } from '../core/events.js';
import { type Board, describeFailure, estimateRun, startBoard, updateBoard } from './board.js';
import type { Reporter, ReporterStream } from './reporter.js';
import { countRuns, describeCounts, describeLeft, formatLoss, formatRate, fractionOf } from './words.js';

/** Lines for logs and pipes: start and end of each run, and every tenth of each stage. */
export function reportPlainly(stream: ReporterStream, now: () => number = monotonicSeconds): Reporter {
  let board: Board | undefined;
  const tenths = new Map<string, number>();
  const print = (line: string) => stream.write(`${line}\n`);

  return {
    start(start) {
      board = startBoard(start, now());
      const before = start.doneBefore > 0 ? ` (${countRuns(start.doneBefore)} done before)` : '';
      print(
        `${countRuns(board.toDo)} to do${before}, ${start.concurrency} at a time; ${describeLeft(board, now())}`,
      );
    },
    report(event) {
      if (board === undefined) return;
      const label = board.labels[event.run] ?? event.run;
      board = updateBoard(board, event, now());
      if (event.type === 'progress') {
        const line = describeProgress(board, event, tenths);
        if (line !== undefined) print(`${label}: ${line}`);
        return;
      }
      for (const line of describeEvent(event)) print(`${label}: ${line}`);
      if (event.type === 'finished' || event.type === 'failed') {
        print(`${describeCounts(board)}; ${describeLeft(board, now())}`);
      }
    },
    note: print,
    end() {
      if (board !== undefined)
        print(`${describeCounts(board)}, after ${formatDuration(now() - board.since)}`);
    },
  };
}

/** What is said of an event without progress. */
export function describeEvent(event: Exclude<JobEvent, ProgressEvent>): readonly string[] {
  switch (event.type) {
    case 'started': {
      const from = event.resumedFrom > 0 ? `continues from step ${event.resumedFrom}` : 'starts';
      return [event.backend === 'none' ? from : `${from} on ${event.backend}`];
    }
    case 'checkpoint':
      return [];
    case 'warning':
      return [`warning: ${event.message}`];
    case 'locked':
      return [`is in the hands of ${event.holder}`];
    case 'interrupted': {
      const at = event.step === undefined ? '' : ` at step ${event.step}`;
      if (event.error === undefined) return [`interrupted${at}; the same command continues it`];
      const [first, ...rest] = describeFailure(event.error);
      return [`interrupted${at}: ${first}`, ...rest.map((line) => `  ${line}`)];
    }
    case 'finished':
      return [`done in ${formatDuration(event.seconds)}`];
    case 'failed': {
      const [first, ...rest] = describeFailure(event.error);
      return [`failed: ${first}`, ...rest.map((line) => `  ${line}`)];
    }
  }
}

function describeProgress(
  board: Board,
  event: ProgressEvent,
  tenths: Map<string, number>,
): string | undefined {
  const run = board.running.find((candidate) => candidate.run === event.run);
  if (run === undefined) return undefined;
  const key = `${event.run} ${event.stage}`;
  const tenth = Math.floor(10 * fractionOf(run));
  if (tenth <= (tenths.get(key) ?? 0)) return undefined;
  tenths.set(key, tenth);
  const left = estimateRun(run);
  const parts = [
    `${run.stage} ${run.done}/${run.total}`,
    formatLoss(event.loss),
    formatRate(run.rate),
    left === undefined ? '' : `${formatDuration(left)} left`,
  ];
  return parts.filter(Boolean).join(', ');
}
