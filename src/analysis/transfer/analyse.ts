import { clusterMetrics, type MetricClusters } from './clustering/cluster-metrics.js';
import { clusterPairs, type PairClusters } from './clustering/cluster-pairs.js';
import { type Anova, analyseVariance } from './effects/anova.js';
import { compareLevels, type FactorEffect } from './effects/factor-effects.js';
import { analyseFactors, type FactorAnalysis } from './factor-analysis/factor-analysis.js';
import { type Axis, axes } from './fits/axis.js';
import { fitPair, type PairFit } from './fits/fit.js';
import { estimateWithoutLabels, type LabelFree } from './label-free/estimates.js';
import type { FindScores } from './label-free/predictions.js';
import { type MetricTransfer, measureMetricTransfer } from './metric-transfer/metric-transfer.js';
import { comparePredictors, type Predictor } from './predictors/predictors.js';
import { groupPairs, type TransferPair, type TransferRecord } from './records.js';
import { labelRegime, type PairRegime } from './regimes/regime.js';

export interface TransferOptions {
  /** Factors of the factor analysis; by parallel analysis unless given. */
  readonly factors?: number | undefined;
  /** A factor of the networks by whose levels effects are also shown: `shot`. */
  readonly by?: string | undefined;
  readonly draws?: number;
  readonly level?: number;
  readonly seed?: number;
}

export interface AnalysedPair {
  readonly pair: TransferPair;
  readonly fits: Readonly<Record<Axis, PairFit>>;
  readonly regime: PairRegime;
}

/** All that is asked of networks on ID and OOD sets. */
export interface TransferAnalysis {
  readonly records: readonly TransferRecord[];
  readonly pairs: readonly AnalysedPair[];
  readonly predictors: readonly Predictor[];
  readonly metricTransfer: readonly MetricTransfer[];
  readonly factors: FactorAnalysis | undefined;
  readonly pairClusters: PairClusters | undefined;
  readonly metricClusters: MetricClusters | undefined;
  readonly effects: readonly FactorEffect[];
  readonly anova: readonly Anova[];
  readonly labelFree: readonly LabelFree[];
  readonly level: number;
}

/** The whole analysis; `find` gives the predictions behind the records, where they are at hand. */
export function analyseTransfer(
  records: readonly TransferRecord[],
  options: TransferOptions = {},
  find: FindScores = () => undefined,
): TransferAnalysis {
  const pairs = groupPairs(records);
  const { seed = 0, level = 0.95 } = options;
  return {
    records,
    pairs: pairs.map((pair) => ({
      pair,
      fits: Object.fromEntries(axes.map((axis) => [axis, fitPair(pair, axis, options)])) as Record<
        Axis,
        PairFit
      >,
      regime: labelRegime(pair),
    })),
    predictors: comparePredictors(records, seed),
    metricTransfer: measureMetricTransfer(records, options),
    factors: analyseFactors(records, options),
    pairClusters: clusterPairs(pairs, seed),
    metricClusters: clusterMetrics(records),
    effects: compareLevels(records, options),
    anova: analyseVariance(records),
    labelFree: pairs.flatMap((pair) => estimateWithoutLabels(pair, find, options) ?? []),
    level,
  };
}
