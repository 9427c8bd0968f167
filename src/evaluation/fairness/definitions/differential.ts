import { foldAround, type Interval, katz } from '../intervals.js';
import { type Measure, withoutBounds } from '../measures/measure.js';
import { eachPair } from '../measures/pairs.js';
import { criticalValue } from '../normal-quantile.js';
import { countProportion, type ProportionName, type Rates } from '../rates.js';
import { type Definition, define } from './definition.js';

/** Imaginary people that every group gets, half of them decided positive: Dirichlet smoothing of AIF360. */
const concentration = 1;

/** Smoothed counts of an outcome and of its opposite. */
function countOutcomes(rates: Rates, rate: ProportionName, group: number) {
  const [x, n] = countProportion(rates, rate, group);
  const [half, all] = [concentration / 2, n + concentration];
  return { yes: [x + half, all] as const, no: [n - x + half, all] as const };
}

/** The largest absolute logarithm of the ratio of two groups' smoothed probabilities of an outcome. */
function epsilonOf(rates: Rates, rate: ProportionName): number {
  let most = Number.NEGATIVE_INFINITY;
  eachPair(rates.groups, (i, j) => {
    const [a, b] = [countOutcomes(rates, rate, i), countOutcomes(rates, rate, j)];
    for (const side of ['yes', 'no'] as const) {
      most = Math.max(most, Math.abs(Math.log((a[side][0] * b[side][1]) / (a[side][1] * b[side][0]))));
    }
  });
  return most;
}

const differential: Measure = {
  compute: (rates) => epsilonOf(rates, 'positive_rate'),
  bounds(rates, level) {
    const z = criticalValue(level, rates.groups * (rates.groups - 1));
    const found: (Interval | undefined)[] = [];
    eachPair(rates.groups, (i, j) => {
      const [a, b] = [countOutcomes(rates, 'positive_rate', i), countOutcomes(rates, 'positive_rate', j)];
      for (const side of ['yes', 'no'] as const) found.push(katz(b[side], a[side], z));
    });
    const folded = found.flatMap((interval) => (interval === undefined ? [] : [foldAround(interval)]));
    if (folded.length < found.length || folded.length === 0) return undefined;
    return {
      low: Math.max(...folded.map(({ low }) => low)),
      high: Math.max(...folded.map(({ high }) => high)),
    };
  },
  method: 'folded Katz of smoothed counts, at once for all pairs and outcomes (Bonferroni)',
  uses: ['positive_rate'],
};

/** Smoothed empirical differential fairness (Foulds et al. 2020). */
export const differentialFairness: readonly Definition[] = [
  define('differential_fairness', differential, 'gap', {
    peers: 'AIF360 (smoothed_empirical_differential_fairness, concentration 1)',
    formula:
      'largest absolute logarithm of the ratio of two groups, of the probability of either decision, with half a person of each decision added to every group',
    aggregation: 'max over pairs of groups and over both decisions',
  }),
  define(
    'differential_fairness_bias_amplification',
    withoutBounds(
      ['positive_rate', 'base_rate'],
      (rates) => epsilonOf(rates, 'positive_rate') - epsilonOf(rates, 'base_rate'),
    ),
    'change',
    {
      peers: 'AIF360',
      formula: 'differential fairness of the decisions minus that of the labels',
      aggregation: 'max over pairs of groups and over both decisions, each',
    },
  ),
];
