import type { FailureReport, JobEvent } from '../core/events.js';

/** What is known of a run in work. */
export interface RunProgress {
  readonly run: string;
  readonly label: string;
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  readonly loss: number | undefined;
  /** Steps (or examples) per second; 0 before the first report. */
  readonly rate: number;
  /** Seconds on the monotonic clock at which the process started. */
  readonly since: number;
  /** When its place became free: the start of a process and reading data are time of the run as well. */
  readonly placeSince: number;
}

/** The state of a launch: a pure function of the events so far. */
export interface Board {
  /** Runs of the plan, and those that were done before this launch. */
  readonly total: number;
  readonly doneBefore: number;
  /** Runs that this launch has to do. */
  readonly toDo: number;
  readonly concurrency: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Expected wall seconds of the whole launch from earlier runs, where they are known. */
  readonly estimate: number | undefined;
  readonly since: number;
  readonly running: readonly RunProgress[];
  readonly done: number;
  readonly failed: number;
  readonly interrupted: number;
  readonly locked: number;
  /** Wall seconds of the runs that this launch has finished, from the moment at which their places were free. */
  readonly seconds: readonly number[];
  /** When the places without a run became free, the latest last. */
  readonly free: readonly number[];
}

export interface BoardStart {
  readonly total: number;
  readonly doneBefore: number;
  readonly concurrency: number;
  /** Labels of the runs to do, by run id. */
  readonly labels: Readonly<Record<string, string>>;
  readonly estimate?: number;
}

export function startBoard(start: BoardStart, now: number): Board {
  return {
    ...start,
    estimate: start.estimate,
    toDo: Object.keys(start.labels).length,
    since: now,
    running: [],
    done: 0,
    failed: 0,
    interrupted: 0,
    locked: 0,
    seconds: [],
    free: Array.from({ length: start.concurrency }, () => now),
  };
}

/** The board after an event; `now` in seconds on the monotonic clock. */
export function updateBoard(board: Board, event: JobEvent, now: number): Board {
  const current = board.running.find(({ run }) => run === event.run);
  const others = board.running.filter(({ run }) => run !== event.run);
  const ended = {
    ...board,
    running: others,
    free: current === undefined ? board.free : [...board.free, now],
  };
  switch (event.type) {
    case 'started':
    case 'progress':
      return {
        ...board,
        running: placeRun(board, current, event, now),
        free: current === undefined ? board.free.slice(0, -1) : board.free,
      };
    case 'finished': {
      const seconds = now - (current?.placeSince ?? now);
      return { ...ended, done: board.done + 1, seconds: [...board.seconds, seconds] };
    }
    case 'failed':
      return { ...ended, failed: board.failed + 1 };
    case 'interrupted':
      return { ...ended, interrupted: board.interrupted + 1 };
    case 'locked':
      return { ...ended, locked: board.locked + 1 };
    default:
      return board;
  }
}

/** Runs that still have to end. */
export function countLeft(board: Board): number {
  return board.toDo - board.done - board.failed - board.interrupted - board.locked;
}

/** Seconds until a run's current stage ends, or undefined before it has a rate. */
export function estimateRun(run: RunProgress): number | undefined {
  return run.rate > 0 ? Math.max(0, run.total - run.done) / run.rate : undefined;
}

/**
 * Seconds until all runs have ended: from the runs that this launch finished, else from the rates of those
 * in work, else from earlier launches; undefined where nothing is known yet.
 */
export function estimateLeft(board: Board, now: number): number | undefined {
  const left = countLeft(board);
  if (left <= 0) return 0;
  const each = secondsPerRun(board, now);
  if (each === undefined) {
    return board.estimate === undefined ? undefined : Math.max(0, board.estimate - (now - board.since));
  }
  const spent = board.running.reduce((sum, run) => sum + Math.min(each, now - run.placeSince), 0);
  // Replicas run together in one place.
  const together = Math.max(board.concurrency, board.running.length);
  return Math.max(0, left * each - spent) / Math.max(1, Math.min(together, left));
}

function secondsPerRun(board: Board, now: number): number | undefined {
  if (board.seconds.length > 0) return mean(board.seconds);
  if (board.estimate !== undefined) return undefined;
  const projected = board.running.flatMap((run) => {
    const left = estimateRun(run);
    return left === undefined ? [] : [now - run.placeSince + left];
  });
  return projected.length > 0 ? mean(projected) : undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Runs keep their line from start to end. */
function placeRun(
  board: Board,
  current: RunProgress | undefined,
  event: Extract<JobEvent, { type: 'started' | 'progress' }>,
  now: number,
): readonly RunProgress[] {
  const known = current ?? {
    run: event.run,
    label: board.labels[event.run] ?? event.run,
    stage: 'start',
    done: 0,
    total: 0,
    loss: undefined,
    rate: 0,
    since: now,
    placeSince: board.free.at(-1) ?? now,
  };
  const { stage, done, total, loss, rate } =
    event.type === 'progress' ? event : { ...known, done: event.resumedFrom };
  const updated = { ...known, stage, done, total, loss: loss ?? known.loss, rate };
  return current === undefined
    ? [...board.running, updated]
    : board.running.map((run) => (run === current ? updated : run));
}

/** The message of a failure and its hints, one line each. */
export function describeFailure(error: FailureReport): readonly string[] {
  return [...error.message.split('\n'), ...error.hints.map((hint) => `→ ${hint}`)];
}
