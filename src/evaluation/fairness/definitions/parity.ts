import { gapsOf } from '../measures/gaps.js';
import { differenceOf } from '../measures/linear.js';
import { percent } from '../measures/measure.js';
import { ratioOf, ratiosOf } from '../measures/ratios.js';
import { largestOf, meanOf, smallestOf } from '../measures/reduce.js';
import { distancesToAll, smallestRatioToAll } from '../measures/to-all.js';
import type { ProportionName } from '../rates.js';
import { aggregations, type Definition, define } from './definition.js';

/** What the libraries that compare one rate in the same ways call it. */
interface Names {
  readonly rate: ProportionName;
  /** Prefix of the definitions' names. */
  readonly name: string;
  readonly gapPeers: string;
  readonly oxonfair: string;
  readonly ffb: string;
}

const words = (rate: ProportionName) => rate.replaceAll('_', ' ');

/** Signed, as the largest gap, as the mean over pairs, and in percent. */
function compare({ rate, name, gapPeers, oxonfair, ffb }: Names): Definition[] {
  const what = words(rate);
  return [
    define(name, differenceOf(rate), 'signed', {
      peers: 'Heldout',
      formula: `${what} of group 1 minus that of group 0`,
      aggregation: aggregations.pair,
    }),
    define(
      `${name}_gap`,
      gapsOf([rate], ([gaps]) => largestOf(gaps!)),
      'gap',
      {
        peers: gapPeers,
        formula: `largest minus smallest ${what}; of two groups the absolute difference`,
        aggregation: aggregations.spread,
      },
    ),
    define(
      `${name}_pairwise`,
      gapsOf([rate], ([gaps]) => meanOf(gaps!), { filled: true }),
      'gap',
      {
        peers: `OxonFair (${oxonfair})`,
        formula: `mean over unordered pairs of groups of the absolute difference of ${what}; 0/0 counts as 0`,
        aggregation: aggregations.pairMean,
      },
    ),
    define(`${name}_percent`, percent(absoluteDifference(rate)), 'percentGap', {
      peers: `FFB (${ffb})`,
      formula: `100 times the absolute difference of ${what}`,
      aggregation: aggregations.pair,
    }),
  ];
}

/** Of two groups, the only gap. */
function absoluteDifference(rate: ProportionName) {
  return gapsOf([rate], ([gaps]) => largestOf(gaps!));
}

/** Distances from everyone, and the ratios smaller over larger. */
function compareFairlearn(rate: ProportionName, name: string, peers: string): Definition[] {
  const what = words(rate);
  return [
    define(
      `${name}_to_overall`,
      distancesToAll([rate], (distances) => largestOf(distances)),
      'gap',
      {
        peers: 'fairlearn (method=to_overall)',
        formula: `largest absolute difference of a group's ${what} and everyone's`,
        aggregation: aggregations.toAll,
      },
    ),
    define(
      `${name}_ratio`,
      ratiosOf([rate], ([ratios]) => smallestOf(ratios!)),
      'share',
      {
        peers,
        formula: `smallest over largest ${what}`,
        aggregation: aggregations.smallest,
      },
    ),
    define(`${name}_ratio_to_overall`, smallestRatioToAll(rate), 'share', {
      peers: 'fairlearn (method=to_overall)',
      formula: `smallest over groups of a group's ${what} and everyone's, smaller over larger`,
      aggregation: aggregations.smallestToAll,
    }),
  ];
}

/** OxonFair divides as NumPy does, and takes 1 for what has no value: 0 over 0 is parity. */
const oxonfairRatio = (a: number, b: number) => (a === b ? 1 : Math.min(a, b) / Math.max(a, b));
/** Its smallest ratio has 0 there. */
const oxonfairMinimum = (a: number, b: number) => Math.min(a, b) / Math.max(1e-12, a, b);

export const demographicParity: readonly Definition[] = [
  ...compare({
    rate: 'positive_rate',
    name: 'demographic_parity',
    gapPeers:
      'fairlearn (demographic_parity_difference), error-parity, Aequitas Flow (pprev_diff), OxonFair (max_diff), FairBench (pairwise_maxdiff_pr)',
    oxonfair: 'demographic_parity',
    ffb: 'dp',
  }),
  define('statistical_parity_difference', differenceOf('positive_rate', 'reversed'), 'reversed', {
    peers: 'AIF360, with group 0 unprivileged',
    formula: 'positive rate of group 0 minus that of group 1',
    aggregation: aggregations.pair,
  }),
  ...compareFairlearn(
    'positive_rate',
    'demographic_parity',
    'fairlearn (demographic_parity_ratio), Aequitas Flow (pprev_ratio)',
  ),
  define('disparate_impact', ratioOf('positive_rate'), 'ratio', {
    peers: 'AIF360, with group 0 unprivileged',
    formula: 'positive rate of group 0 over that of group 1',
    aggregation: aggregations.pair,
  }),
  define(
    'disparate_impact_pairwise',
    ratiosOf(['positive_rate'], ([ratios]) => meanOf(ratios!), { filled: true, ratio: oxonfairRatio }),
    'share',
    {
      peers: 'OxonFair (disparate_impact)',
      formula: 'mean over unordered pairs of groups of smaller over larger positive rate; 0/0 counts as 1',
      aggregation: aggregations.pairMean,
    },
  ),
  define(
    'disparate_impact_min',
    ratiosOf(['positive_rate'], ([ratios]) => smallestOf(ratios!), { filled: true, ratio: oxonfairMinimum }),
    'share',
    {
      peers: 'OxonFair (pos_pred_rate.min_ratio)',
      formula: 'smallest over largest positive rate; 0/0 counts as 0',
      aggregation: aggregations.smallest,
    },
  ),
  define('p_rule', percent(ratiosOf(['positive_rate'], ([ratios]) => smallestOf(ratios!))), 'percentShare', {
    peers: 'FFB',
    formula: '100 times smaller over larger positive rate',
    aggregation: aggregations.pair,
  }),
  define('label_parity', differenceOf('base_rate'), 'signed', {
    peers: 'Heldout (DDP of the labels); AIF360 and OxonFair (class_imbalance) with their own signs',
    formula: 'base rate of group 1 minus that of group 0: of labels, whatever is decided',
    aggregation: aggregations.pair,
  }),
];

export const equalOpportunity: readonly Definition[] = [
  ...compare({
    rate: 'true_positive_rate',
    name: 'equal_opportunity',
    gapPeers: 'fairlearn (equal_opportunity_difference), error-parity, Aequitas Flow (tpr_diff)',
    oxonfair: 'equal_opportunity',
    ffb: 'eopp',
  }),
  define('equal_opportunity_difference', differenceOf('true_positive_rate', 'reversed'), 'reversed', {
    peers: 'AIF360, with group 0 unprivileged',
    formula: 'true positive rate of group 0 minus that of group 1',
    aggregation: aggregations.pair,
  }),
  ...compareFairlearn(
    'true_positive_rate',
    'equal_opportunity',
    'fairlearn (equal_opportunity_ratio), Aequitas Flow (tpr_ratio)',
  ),
];

export const predictiveParity: readonly Definition[] = compare({
  rate: 'positive_predictive_value',
  name: 'predictive_parity',
  gapPeers: 'Aequitas Flow (precision_diff)',
  oxonfair: 'predictive_parity',
  ffb: 'ppv',
});

export const accuracyParity: readonly Definition[] = [
  ...compare({
    rate: 'accuracy',
    name: 'accuracy_parity',
    gapPeers: 'fairlearn (MetricFrame of accuracy), Aequitas Flow (accuracy_diff)',
    oxonfair: 'accuracy.diff',
    ffb: 'acc',
  }),
  define('error_rate_difference', differenceOf('error_rate', 'reversed'), 'reversed', {
    peers: 'AIF360, with group 0 unprivileged',
    formula: 'error rate of group 0 minus that of group 1',
    aggregation: aggregations.pair,
  }),
  define('error_rate_ratio', ratioOf('error_rate'), 'ratio', {
    peers: 'AIF360, with group 0 unprivileged',
    formula: 'error rate of group 0 over that of group 1',
    aggregation: aggregations.pair,
  }),
];
