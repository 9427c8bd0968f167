import { type Summary, summarize } from '../../../../analysis/summary.js';
import type { Interval } from '../page-data.js';

/** To five digits behind the point, more than the page shows. */
export function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}

export function toInterval({ mean, halfWidth }: Summary): Interval {
  return [round(mean), halfWidth === undefined ? null : round(halfWidth)];
}

/** Null where there is no value. */
export function intervalOf(values: readonly number[]): Interval | null {
  const summary = summarize(values);
  return summary === undefined ? null : toInterval(summary);
}
