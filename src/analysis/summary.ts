import { mean, sampleStandardDeviation } from 'simple-statistics';
import { twoSidedT } from './student-t.js';

/** Runs that differ in their seed only, put together. */
export interface Summary {
  readonly mean: number;
  /** Half the width of the Student t interval for the mean (n − 1 degrees); undefined for one run. */
  readonly halfWidth: number | undefined;
  readonly n: number;
  readonly values: readonly number[];
}

/** Undefined when there is no value at all. */
export function summarize(values: readonly number[], coverage = 0.95): Summary | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  if (n === 1) return { mean: values[0]!, halfWidth: undefined, n, values };
  const sd = sampleStandardDeviation([...values]);
  const halfWidth = (twoSidedT(n - 1, coverage) * sd) / Math.sqrt(n);
  return { mean: mean([...values]), halfWidth, n, values };
}

/**
 * Where the interval of `a` lies against that of `b`: `above` or `below` when they do not touch,
 * `overlapping` when they do, `unknown` when one of them has no interval.
 */
export function compareIntervals(a: Summary, b: Summary): 'above' | 'below' | 'overlapping' | 'unknown' {
  if (a.halfWidth === undefined || b.halfWidth === undefined) return 'unknown';
  if (a.mean - a.halfWidth > b.mean + b.halfWidth) return 'above';
  if (a.mean + a.halfWidth < b.mean - b.halfWidth) return 'below';
  return 'overlapping';
}
