import { logMeanExpOf, sumOver } from '../measures/reduce.js';
import { violationsOf } from '../measures/to-all.js';
import type { RateName } from '../rates.js';
import { type Definition, define } from './definition.js';

const statistics: Readonly<Record<string, RateName>> = {
  pr: 'positive_rate',
  tpr: 'true_positive_rate',
  fpr: 'false_positive_rate',
  ppv: 'positive_predictive_value',
  for: 'false_omission_rate',
  acc: 'accuracy',
  f1: 'f1',
};

/** fairret's penalties of |statistic of a group / statistic of everyone − 1|, of decisions instead of probabilities. */
export const fairret: readonly Definition[] = Object.entries(statistics).flatMap(([short, rate]) => {
  const violation = `violations |s/S - 1|, s a group's ${rate.replaceAll('_', ' ')} and S everyone's`;
  return [
    define(`fairret_norm_${short}`, violationsOf(rate, sumOver), 'gap', {
      peers: 'fairret (NormLoss, p=1, of decisions)',
      formula: `sum of the ${violation}`,
      aggregation: 'sum over groups',
    }),
    define(`fairret_lse_${short}`, violationsOf(rate, logMeanExpOf), 'gap', {
      peers: 'fairret (LSELoss, of decisions)',
      formula: `logarithm of the mean exponential of the ${violation}`,
      aggregation: 'log-sum-exp over groups minus log of their number',
    }),
  ];
});
