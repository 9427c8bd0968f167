import { stream } from '../../random/stream.js';
import { type PairedTests, testDifferences } from '../transfer/effects/paired-tests.js';
import { bootstrap, type Interval } from '../transfer/statistics/bootstrap.js';
import { adjustHolm } from '../transfer/statistics/tails.js';

/** Two treatments on the blocks that both have. */
export interface PairComparison {
  /** Places of the two; differences are of the first less the second. */
  readonly pair: readonly [number, number];
  /** Mean difference over blocks. */
  readonly mean: number;
  /** Of that mean, with a coverage of 95 %: the paired bootstrap over blocks, whose draws all pairs share. */
  readonly interval: Interval | undefined;
  readonly tests: PairedTests;
  /** p after Holm (1979), over the pairs that are compared together. */
  readonly adjusted: { readonly sign: number; readonly wilcoxon: number };
}

const draws = 10_000;

/** Every pair of treatments. */
export function listPairs(treatments: number): (readonly [number, number])[] {
  const places = Array.from({ length: treatments }, (_, at) => at);
  return places.flatMap((first) =>
    places.slice(first + 1).map((second): readonly [number, number] => [first, second]),
  );
}

/**
 * Differences of pairs of treatments over blocks, `values[block][treatment]`: the paired bootstrap of their mean,
 * Wilcoxon's signed-rank and the sign test. The same numbers have the same intervals.
 */
export function comparePairs(
  values: readonly (readonly number[])[],
  pairs: readonly (readonly [number, number])[],
): PairComparison[] {
  const differences = pairs.map(([first, second]) =>
    // Twelve digits: what differs by rounding is equal.
    values.map((block) => Number((block[first]! - block[second]!).toFixed(12))),
  );
  const tests = differences.map(testDifferences);
  const intervals = bootstrap(
    values.length,
    pairs.length,
    (counts, out) => {
      for (const [at, own] of differences.entries())
        out[at] = own.reduce((sum, value, block) => sum + counts[block]! * value, 0) / own.length;
    },
    { draws, level: 0.95, source: stream(0, 'pairs of treatments') },
  );
  const sign = adjustHolm(tests.map((own) => own.sign));
  const wilcoxon = adjustHolm(tests.map((own) => own.wilcoxon));
  return pairs.map((pair, at) => ({
    pair,
    mean: differences[at]!.reduce((sum, value) => sum + value, 0) / values.length,
    interval: intervals[at],
    tests: tests[at]!,
    adjusted: { sign: sign[at]!, wilcoxon: wilcoxon[at]! },
  }));
}
