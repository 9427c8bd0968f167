import { aggregations, type Direction } from '../definitions/definition.js';
import { cumulativeArea, densityArea } from './areas.js';
import { aucGap } from './auc.js';
import { absoluteCorrelation, gaussianDiscrepancy, laplacianDiscrepancy } from './discrepancy.js';
import { meanDifference, percentOfMeans, percentRuleOfMeans } from './means.js';
import type { ScoreDefinition, ScoreMeasure } from './score-definition.js';

function define(
  name: string,
  measure: ScoreMeasure,
  direction: Direction,
  peers: string,
  formula: string,
): ScoreDefinition {
  return { name, direction, peers, formula, aggregation: aggregations.pair, pair: true, ...measure };
}

/** All definitions that need scores, the probabilities of the positive class. */
export const scoreDefinitions: readonly ScoreDefinition[] = [
  define(
    'demographic_parity_scores',
    meanDifference,
    'signed',
    'Heldout',
    'mean score of group 1 minus that of group 0',
  ),
  define(
    'demographic_parity_scores_percent',
    percentOfMeans([undefined]),
    'percentGap',
    'FFB (dpe)',
    '100 times the absolute difference of mean scores',
  ),
  define(
    'p_rule_scores',
    percentRuleOfMeans,
    'percentShare',
    'FFB (prulee)',
    '100 times smaller over larger mean score',
  ),
  define(
    'equal_opportunity_scores_percent',
    percentOfMeans([1]),
    'percentGap',
    'FFB (eoppe)',
    '100 times the absolute difference of mean scores of people of the positive class',
  ),
  define(
    'equalized_odds_scores_percent',
    percentOfMeans([1, 0]),
    'percentGap',
    'FFB (eodde)',
    '100 times the sum over both classes of the absolute difference of mean scores',
  ),
  define(
    'auc_parity',
    aucGap,
    'gap',
    'FFB (dpauc)',
    "absolute difference of the groups' areas under the ROC curve",
  ),
  define(
    'abcc',
    cumulativeArea,
    'percentGap',
    'FFB',
    "100 times the area between the groups' cumulative distributions of scores",
  ),
  define(
    'abpc',
    densityArea,
    'percentGap',
    'FFB',
    "100 times the area between the groups' Gaussian kernel densities of scores on [0, 1], Scott's bandwidth",
  ),
  define(
    'mmd_gaussian',
    gaussianDiscrepancy,
    'gap',
    'TF MinDiff (MMDLoss, gaussian)',
    'squared maximum mean discrepancy of scores, kernel exp(-(d / 0.1)^2)',
  ),
  define(
    'mmd_laplacian',
    laplacianDiscrepancy,
    'gap',
    'TF MinDiff (MMDLoss, laplacian)',
    'squared maximum mean discrepancy of scores, kernel exp(-|d| / 0.1)',
  ),
  define(
    'absolute_correlation',
    absoluteCorrelation,
    'gap',
    'TF MinDiff (AbsoluteCorrelationLoss)',
    'absolute correlation of score and membership',
  ),
];
