import { formatDuration } from '../core/clock.js';
import { type Board, countLeft, estimateLeft, type RunProgress } from './board.js';

/** `24 runs: 20 done before, 3 done, 1 failed, 0 to go`. */
export function describeCounts(board: Board): string {
  const parts = [
    board.doneBefore > 0 ? `${board.doneBefore} done before` : '',
    board.done > 0 ? `${board.done} done` : '',
    board.failed > 0 ? `${board.failed} failed` : '',
    board.interrupted > 0 ? `${board.interrupted} interrupted` : '',
    board.locked > 0 ? `${board.locked} in other hands` : '',
    `${countLeft(board)} to go`,
  ];
  return `${countRuns(board.total)}: ${parts.filter(Boolean).join(', ')}`;
}

/** `about 3 min 05 s left`; before the first rate is known, that it is not. */
export function describeLeft(board: Board, now: number): string {
  const left = estimateLeft(board, now);
  if (left === undefined) return 'time left: known after the first steps';
  return left < 0.5 ? 'nearly done' : `about ${formatDuration(left)} left`;
}

export function countRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

export function formatLoss(loss: number | undefined): string {
  if (loss === undefined) return '';
  if (!Number.isFinite(loss)) return `loss ${loss}`;
  const plain = loss === 0 || (Math.abs(loss) >= 1e-3 && Math.abs(loss) < 1e4);
  return `loss ${plain ? loss.toFixed(4) : loss.toExponential(2)}`;
}

/** `12.3/s`; slow stages per minute. */
export function formatRate(rate: number): string {
  if (!(rate > 0)) return '';
  if (rate >= 100) return `${Math.round(rate)}/s`;
  return rate >= 1 ? `${rate.toFixed(1)}/s` : `${(60 * rate).toFixed(1)}/min`;
}

/** Done of total, 0 to 1; 0 before the total is known. */
export function fractionOf(run: RunProgress): number {
  return run.total > 0 ? Math.min(1, run.done / run.total) : 0;
}
