import { type PairedTests, testDifferences } from '../transfer/effects/paired-tests.js';
import { adjustHolm } from '../transfer/statistics/tails.js';

/** Two treatments on the blocks that both have. */
export interface PairComparison {
  /** Places of the two; differences are of the first less the second. */
  readonly pair: readonly [number, number];
  readonly tests: PairedTests;
  /** p after Holm (1979), over the pairs that are compared together. */
  readonly adjusted: { readonly sign: number; readonly wilcoxon: number };
}

/** Every pair of treatments. */
export function listPairs(treatments: number): (readonly [number, number])[] {
  const places = Array.from({ length: treatments }, (_, at) => at);
  return places.flatMap((first) =>
    places.slice(first + 1).map((second): readonly [number, number] => [first, second]),
  );
}

/** Wilcoxon's signed-rank and the sign test of pairs of treatments over blocks, `values[block][treatment]`. */
export function comparePairs(
  values: readonly (readonly number[])[],
  pairs: readonly (readonly [number, number])[],
): PairComparison[] {
  const tests = pairs.map(([first, second]) =>
    // Twelve digits: what differs by rounding is equal.
    testDifferences(values.map((block) => Number((block[first]! - block[second]!).toFixed(12)))),
  );
  const sign = adjustHolm(tests.map((own) => own.sign));
  const wilcoxon = adjustHolm(tests.map((own) => own.wilcoxon));
  return pairs.map((pair, at) => ({
    pair,
    tests: tests[at]!,
    adjusted: { sign: sign[at]!, wilcoxon: wilcoxon[at]! },
  }));
}
