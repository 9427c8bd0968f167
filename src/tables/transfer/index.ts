import type { TransferAnalysis } from '../../analysis/transfer/analyse.js';
import type { Finding } from '../../analysis/transfer/findings/judge.js';
import type { FindingsRule } from '../../config/index.js';
import { usualBins } from '../../evaluation/metrics/binned-calibration.js';
import type { Table } from '../table.js';
import { type AccuracyRow, tabulateAccuracies } from './accuracies.js';
import { tabulateMetricClusters, tabulatePairClusters } from './clusters.js';
import { tabulateAnova, tabulateEffects } from './effects.js';
import { tabulateEigenvalues, tabulateLoadings } from './factors.js';
import { tabulateFindings } from './findings.js';
import { tabulateFits, tabulateRegimes, tabulateRobustness } from './fits.js';
import { tabulateAgreement, tabulateLabelFree } from './label-free.js';
import { tabulateMetricTransfer, tabulatePredictors } from './predictors.js';

/** What tables of transfer are made of. */
export interface TransferNumbers {
  readonly analysis: TransferAnalysis;
  readonly accuracies: readonly AccuracyRow[];
  readonly bins?: number | undefined;
  /** What became of the assay's findings, where the study names the rule. */
  readonly findings?: { readonly rule: FindingsRule; readonly found: readonly Finding[] } | undefined;
}

/** The tables of transfer in their usual order; undefined where there is nothing to show. */
const tabulators = {
  'transfer-findings': ({ findings }) => findings && tabulateFindings(findings.found, findings.rule),
  accuracies: ({ accuracies, analysis: { level }, bins = usualBins }) =>
    tabulateAccuracies(accuracies, { level, bins }),
  'pair-fits': ({ analysis }) => tabulateFits(analysis),
  regimes: ({ analysis }) => tabulateRegimes(analysis),
  'effective-robustness': ({ analysis }) => tabulateRobustness(analysis),
  'ood-predictors': ({ analysis }) => tabulatePredictors(analysis),
  'metric-transfer': ({ analysis }) => tabulateMetricTransfer(analysis),
  'factor-eigenvalues': ({ analysis: { factors } }) => factors && tabulateEigenvalues(factors),
  'factor-loadings': ({ analysis: { factors } }) => factors && tabulateLoadings(factors),
  'metric-clusters': ({ analysis: { metricClusters } }) =>
    metricClusters && tabulateMetricClusters(metricClusters),
  'pair-clusters': ({ analysis: { pairClusters } }) => pairClusters && tabulatePairClusters(pairClusters),
  'factor-effects': ({ analysis }) => tabulateEffects(analysis),
  anova: ({ analysis }) => tabulateAnova(analysis),
  'label-free': ({ analysis }) => tabulateLabelFree(analysis),
  'agreement-on-the-line': ({ analysis }) => tabulateAgreement(analysis),
} as const satisfies Readonly<Record<string, (numbers: TransferNumbers) => Table | undefined>>;

export type TransferTableName = keyof typeof tabulators;
export const transferTableNames = Object.keys(tabulators) as readonly TransferTableName[];

/** The named tables that have rows. */
export function transferTables(
  numbers: TransferNumbers,
  names: readonly TransferTableName[] = transferTableNames,
): Table[] {
  return names.flatMap((name) => {
    const table: Table | undefined = tabulators[name](numbers);
    return table === undefined || table.rows.length === 0 ? [] : [table];
  });
}
