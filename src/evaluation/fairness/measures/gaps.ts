import { foldAround, newcombe } from '../intervals.js';
import type { ProportionName } from '../rates.js';
import type { Measure } from './measure.js';
import { overPairs, type PairValues } from './pairs.js';

interface Options {
  /** Whether a group without people below the line has the rate 0, as in OxonFair and FairBench. */
  readonly filled?: boolean;
}

/** A function of the pairs' absolute differences that no larger difference makes smaller. */
export function gapsOf(
  names: readonly ProportionName[],
  combine: (gaps: PairValues) => number,
  { filled = false }: Options = {},
): Measure {
  return overPairs(names, combine, {
    compare: (a, b) => Math.abs(a - b),
    boundsOf(one, other, z) {
      const found = newcombe(one, other, z);
      return found && foldAround(found);
    },
    method: 'folded Newcombe, at once for all pairs and rates (Bonferroni)',
    filled,
  });
}
