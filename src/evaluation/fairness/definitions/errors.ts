import { gapsOf } from '../measures/gaps.js';
import { averageDifference, differenceOf } from '../measures/linear.js';
import { ratioOf, ratiosOf } from '../measures/ratios.js';
import { largestOf, meanOf, smallestOf } from '../measures/reduce.js';
import type { ProportionName } from '../rates.js';
import { aggregations, type Definition, define } from './definition.js';

const words = (rate: ProportionName) => rate.replaceAll('_', ' ');

/** Gaps and ratios of the further rates of a confusion table. */
const aequitas: readonly ProportionName[] = [
  'false_positive_rate',
  'false_negative_rate',
  'true_negative_rate',
  'false_discovery_rate',
  'false_omission_rate',
  'negative_predictive_value',
];
const aif360: readonly ProportionName[] = [
  'false_positive_rate',
  'false_negative_rate',
  'false_discovery_rate',
  'false_omission_rate',
];

export const errorRates: readonly Definition[] = [
  ...aequitas.flatMap((rate) => [
    define(
      `${rate}_gap`,
      gapsOf([rate], ([gaps]) => largestOf(gaps!)),
      'gap',
      {
        peers: 'Aequitas Flow (diff)',
        formula: `largest minus smallest ${words(rate)}`,
        aggregation: aggregations.spread,
      },
    ),
    define(
      `${rate}_min_ratio`,
      ratiosOf([rate], ([ratios]) => smallestOf(ratios!)),
      'share',
      {
        peers: 'Aequitas Flow (ratio)',
        formula: `smallest over largest ${words(rate)}`,
        aggregation: aggregations.smallest,
      },
    ),
  ]),
  ...aif360.flatMap((rate) => [
    define(`${rate}_difference`, differenceOf(rate, 'reversed'), 'reversed', {
      peers: 'AIF360, with group 0 unprivileged',
      formula: `${words(rate)} of group 0 minus that of group 1`,
      aggregation: aggregations.pair,
    }),
    define(`${rate}_ratio`, ratioOf(rate), 'ratio', {
      peers: 'AIF360, with group 0 unprivileged',
      formula: `${words(rate)} of group 0 over that of group 1`,
      aggregation: aggregations.pair,
    }),
  ]),
  define(
    'average_predictive_value_difference',
    averageDifference(['positive_predictive_value', 'false_omission_rate'], 'reversed'),
    'reversed',
    {
      peers: 'AIF360, with group 0 unprivileged',
      formula:
        'mean of the signed differences of positive predictive value and false omission rate, group 0 minus group 1',
      aggregation: 'mean over the two rates, signed; two groups',
    },
  ),
  define(
    'conditional_use_accuracy',
    gapsOf(
      ['positive_predictive_value', 'negative_predictive_value'],
      ([first, second]) => (meanOf(first!) + meanOf(second!)) / 2,
      { filled: true },
    ),
    'gap',
    {
      peers: 'OxonFair (cond_use_accuracy)',
      formula:
        'mean of the mean pairwise differences of positive and negative predictive value; 0/0 counts as 0',
      aggregation: 'mean over the two rates; mean over pairs of groups',
    },
  ),
];
