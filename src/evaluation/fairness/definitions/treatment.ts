import { cellsPerGroup } from '../counts.js';
import { combineTerms, type Interval } from '../intervals.js';
import { type Measure, withoutBounds } from '../measures/measure.js';
import { criticalValue } from '../normal-quantile.js';
import type { Rates } from '../rates.js';
import { aggregations, type Definition, define } from './definition.js';

/** Mean over pairs of groups of the absolute difference of false positives for each false negative. */
function meanGap({ groups, filled: { error_ratio } }: Rates): number {
  let sum = 0;
  for (let i = 0; i < groups; i++) {
    for (let j = i + 1; j < groups; j++) sum += Math.abs(error_ratio[i]! - error_ratio[j]!);
  }
  return (2 * sum) / (groups * (groups - 1));
}

/** Interval of a group's false positives over false negatives, by the delta method on the logarithm. */
function boundRatio(
  { cells }: Rates,
  group: number,
  z: number,
): (Interval & { readonly estimate: number }) | undefined {
  const [falsePositives, falseNegatives] = [
    cells[group * cellsPerGroup + 1]!,
    cells[group * cellsPerGroup + 2]!,
  ];
  if (falsePositives === 0 || falseNegatives === 0) return undefined;
  const estimate = falsePositives / falseNegatives;
  const factor = Math.exp(z * Math.sqrt(1 / falsePositives + 1 / falseNegatives));
  return { estimate, low: estimate / factor, high: estimate * factor };
}

const difference: Measure = {
  compute: ({ of: { error_ratio } }) => error_ratio[1]! - error_ratio[0]!,
  bounds(rates, level) {
    const [zero, one] = [0, 1].map((group) => boundRatio(rates, group, criticalValue(level)));
    if (zero === undefined || one === undefined) return undefined;
    return combineTerms([
      { weight: 1, ...one },
      { weight: -1, ...zero },
    ]);
  },
  method: 'delta method on the logarithms, combined (MOVER)',
  uses: ['error_ratio'],
};

/** Treatment equality: in which direction the errors of a group go. */
export const treatmentEquality: readonly Definition[] = [
  define(
    'treatment_equality',
    withoutBounds(['error_ratio'], meanGap, 'none: that of treatment_equality_signed'),
    'gap',
    {
      peers: 'OxonFair',
      formula:
        'mean over pairs of groups of the absolute difference of false positives over false negatives; a group without false negatives counts as having one',
      aggregation: aggregations.pairMean,
    },
  ),
  define('treatment_equality_signed', difference, 'signed', {
    peers: 'Heldout',
    formula: 'false positives over false negatives of group 1 minus that of group 0',
    aggregation: aggregations.pair,
  }),
];
