import { gapsOf } from '../measures/gaps.js';
import { averageDifference } from '../measures/linear.js';
import { percent } from '../measures/measure.js';
import { largestNorm, type PairValues } from '../measures/pairs.js';
import { ratiosOf } from '../measures/ratios.js';
import { largestOf, meanOf, type Reduce, smallestOf } from '../measures/reduce.js';
import { distancesToAll } from '../measures/to-all.js';
import type { ProportionName } from '../rates.js';
import { aggregations, type Definition, define } from './definition.js';

const rates: readonly ProportionName[] = ['true_positive_rate', 'false_positive_rate'];
/** Mean of two rates. */
const average = ([first, second]: PairValues, of: Reduce) => (of(first!) + of(second!)) / 2;

/** Equalised odds: one name for the maximum, the mean and the sum of the gaps of two rates, a factor of up to 2 apart. */
export const equalizedOdds: readonly Definition[] = [
  define(
    'equalized_odds_max',
    gapsOf(rates, (gaps) => Math.max(largestOf(gaps[0]!), largestOf(gaps[1]!))),
    'gap',
    {
      peers:
        'fairlearn (agg=worst_case), AIF360 (equalized_odds_difference), error-parity (L-inf, its default)',
      formula: 'larger of the gaps of true and false positive rate',
      aggregation: 'max over the two rates; largest minus smallest of all groups',
    },
  ),
  define(
    'equalized_odds_mean',
    gapsOf(rates, (gaps) => average(gaps, largestOf)),
    'gap',
    {
      peers: 'fairlearn (agg=mean), AIF360 (average_abs_odds_difference)',
      formula: 'mean of the gaps of true and false positive rate',
      aggregation: 'mean over the two rates; largest minus smallest of all groups',
    },
  ),
  define(
    'equalized_odds_sum',
    gapsOf(rates, (gaps) => 2 * average(gaps, largestOf)),
    'gap',
    {
      peers: 'FFB (eodd / 100)',
      formula: 'sum of the gaps of true and false positive rate',
      aggregation: 'sum over the two rates; largest minus smallest of all groups',
    },
  ),
  define(
    'equalized_odds_percent',
    percent(gapsOf(rates, (gaps) => 2 * average(gaps, largestOf))),
    'percentGap',
    {
      peers: 'FFB (eodd)',
      formula: '100 times the sum of the absolute differences of true and false positive rate',
      aggregation: aggregations.pair,
    },
  ),
  ...[1, 2].map((p) =>
    define(
      `equalized_odds_l${p}`,
      gapsOf(rates, (gaps) => largestNorm(gaps, p)),
      'gap',
      {
        peers: `error-parity (l_p_norm=${p})`,
        formula: `L${p} distance of two groups' points of true and false positive rate`,
        aggregation: `L${p} norm over the two rates; largest over pairs of groups`,
      },
    ),
  ),
  define(
    'equalized_odds_pairwise',
    gapsOf(['true_positive_rate', 'true_negative_rate'], (gaps) => average(gaps, meanOf), { filled: true }),
    'gap',
    {
      peers: 'OxonFair (equalized_odds)',
      formula:
        'mean of the mean pairwise differences of true positive and true negative rate; 0/0 counts as 0',
      aggregation: 'mean over the two rates; mean over pairs of groups',
    },
  ),
  define(
    'equalized_odds_pairwise_max',
    gapsOf(
      ['true_positive_rate', 'true_negative_rate'],
      (gaps) => Math.max(meanOf(gaps[0]!), meanOf(gaps[1]!)),
      {
        filled: true,
      },
    ),
    'gap',
    {
      peers: 'OxonFair (L-inf variant)',
      formula:
        'larger of the mean pairwise differences of true positive and true negative rate; 0/0 counts as 0',
      aggregation: 'max over the two rates; mean over pairs of groups',
    },
  ),
  define('equalized_odds_to_overall', distancesToAll(rates, largestOf), 'gap', {
    peers: 'fairlearn (method=to_overall, agg=worst_case)',
    formula: "largest absolute difference of a group's true or false positive rate and everyone's",
    aggregation: 'max over the two rates; largest distance of a group from everyone',
  }),
  define('average_odds', averageDifference(rates), 'signed', {
    peers: 'Heldout',
    formula: 'mean of the signed differences of true and false positive rate, group 1 minus group 0',
    aggregation: 'mean over the two rates, signed; two groups',
  }),
  define('average_odds_difference', averageDifference(rates, 'reversed'), 'reversed', {
    peers: 'AIF360, with group 0 unprivileged',
    formula: 'mean of the signed differences of true and false positive rate, group 0 minus group 1',
    aggregation: 'mean over the two rates, signed; two groups',
  }),
  define(
    'equalized_odds_ratio',
    ratiosOf(rates, (ratios) => Math.min(smallestOf(ratios[0]!), smallestOf(ratios[1]!))),
    'share',
    {
      peers: 'fairlearn (agg=worst_case)',
      formula: 'smaller of the ratios, smallest over largest, of true and false positive rate',
      aggregation: 'min over the two rates; smallest over largest of all groups',
    },
  ),
  define(
    'equalized_odds_ratio_mean',
    ratiosOf(rates, (ratios) => average(ratios, smallestOf)),
    'share',
    {
      peers: 'fairlearn (agg=mean)',
      formula: 'mean of the ratios, smallest over largest, of true and false positive rate',
      aggregation: 'mean over the two rates; smallest over largest of all groups',
    },
  ),
];
