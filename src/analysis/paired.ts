import { type Summary, summarize } from './summary.js';

/** How two models compare on the seeds that both have. */
export interface PairedDifference {
  /** Of the first minus the second. */
  readonly difference: Summary;
  /** Two-sided exact p of the sign-flip test; undefined beyond `mostFlipped` pairs. */
  readonly p: number | undefined;
}

/** 2^20 sums take a few milliseconds. */
const mostFlipped = 20;

/** Pairs finite values by seed; undefined where no seed has both. */
export function comparePaired(
  values: ReadonlyMap<string, number>,
  baseline: ReadonlyMap<string, number>,
): PairedDifference | undefined {
  const differences = [...values].flatMap(([seed, value]) => {
    const other = baseline.get(seed);
    return other === undefined || !Number.isFinite(value - other) ? [] : [value - other];
  });
  const difference = summarize(differences);
  if (difference === undefined) return undefined;
  return { difference, p: differences.length > mostFlipped ? undefined : signFlipP(differences) };
}

/**
 * Share of the 2^n assignments of signs whose mean lies as far from 0 as the mean that was found, or farther: the exact
 * two-sided p where either sign of a difference is equally likely. At least 2 / 2^n for n differences other than 0.
 */
export function signFlipP(differences: readonly number[]): number {
  const n = differences.length;
  const size = differences.reduce((sum, value) => sum + Math.abs(value), 0);
  const found = Math.abs(differences.reduce((sum, value) => sum + value, 0)) - size * 1e-12;
  let sum = -size;
  const signs = new Int8Array(n).fill(-1);
  let extreme = 0;
  // In Gray code each assignment differs from the one before by one sign.
  for (let index = 1; index <= 2 ** n; index += 1) {
    if (Math.abs(sum) >= found) extreme += 1;
    const bit = 31 - Math.clz32(index & -index);
    if (bit >= n) break;
    signs[bit] = -signs[bit]! as 1 | -1;
    sum += 2 * signs[bit]! * Math.abs(differences[bit]!);
  }
  return extreme / 2 ** n;
}

export type Outcome = 'reproduced' | 'not reproduced' | 'undecided';

/**
 * What an interval says of an effect that a paper reports: reproduced where it lies above 0, not reproduced where it lies
 * below the effect, else undecided. The effect is above 0.
 */
export function judgeEffect({ mean, halfWidth }: Summary, effect: number): Outcome {
  if (halfWidth === undefined) return 'undecided';
  if (mean - halfWidth > 0) return 'reproduced';
  return mean + halfWidth < effect ? 'not reproduced' : 'undecided';
}
