import { stream } from '../../../random/stream.js';
import type { TransferPair } from '../records.js';
import { bootstrap, type Interval } from '../statistics/bootstrap.js';
import { spearman } from '../statistics/correlation.js';
import { type AgreementLine, agreeOnTheLine } from './agreement.js';
import { estimateFromConfidence } from './confidence.js';
import { type FindScores, listPredictions, type PairPredictions } from './predictions.js';

/** Ways to estimate OOD accuracy without a label of the OOD set, as they are shown. */
export const labelFreeMethods = [
  'ALine-S',
  'ALine-D',
  'ATC (confidence)',
  'ATC (entropy)',
  'DoC',
  'mean confidence',
  'ID accuracy',
] as const;
export type LabelFreeMethod = (typeof labelFreeMethods)[number];

export interface MethodError {
  readonly method: LabelFreeMethod;
  /** Mean distance from OOD accuracy in accuracy points, over networks. */
  readonly mae: number;
  /** Percentile interval of it, by drawing networks with replacement; estimates are not made anew. */
  readonly interval: Interval | undefined;
  /** Rank correlation of estimates and OOD accuracies, over networks. */
  readonly spearman: number;
}

export interface LabelFree {
  readonly pair: TransferPair;
  readonly networks: readonly PairPredictions[];
  readonly agreement: AgreementLine | undefined;
  /** Estimates by method, one per network; NaN where a method has none. */
  readonly estimates: Readonly<Record<LabelFreeMethod, readonly number[]>>;
  /** Of the methods that have estimates. */
  readonly errors: readonly MethodError[];
}

const fewestForIntervals = 4;

/** All label-free estimates on a pair; undefined where no network has its predictions. */
export function estimateWithoutLabels(
  pair: TransferPair,
  find: FindScores,
  { draws = 1000, level = 0.95, seed = 0 } = {},
): LabelFree | undefined {
  const networks = listPredictions(pair, find);
  if (networks.length === 0) return undefined;
  const agreement = agreeOnTheLine(networks, seed);
  const confident = networks.map(estimateFromConfidence);
  const none = networks.map(() => Number.NaN);
  const estimates = {
    'ALine-S': agreement?.alineS ?? none,
    'ALine-D': agreement?.alineD ?? none,
    'ATC (confidence)': confident.map(({ atcConfidence }) => atcConfidence),
    'ATC (entropy)': confident.map(({ atcEntropy }) => atcEntropy),
    DoC: confident.map(({ doc }) => doc),
    'mean confidence': confident.map(({ meanConfidence }) => meanConfidence),
    'ID accuracy': networks.map(({ idAccuracy }) => idAccuracy),
  };
  const truth = networks.map(({ oodAccuracy }) => oodAccuracy);
  const errors = labelFreeMethods.flatMap((method): MethodError[] => {
    const distances = estimates[method].map((value, at) => 100 * Math.abs(value - truth[at]!));
    const known = distances.filter(Number.isFinite);
    if (known.length < distances.length) return [];
    const source = stream(seed, 'transfer', 'label-free', pair.task, pair.id, pair.ood, method);
    const interval =
      networks.length < fewestForIntervals ? undefined : intervalOfMean(known, { draws, level, source });
    const mae = known.reduce((sum, value) => sum + value, 0) / known.length;
    return [{ method, mae, interval, spearman: spearman(estimates[method], truth) }];
  });
  return { pair, networks, agreement, estimates, errors };
}

function intervalOfMean(
  values: readonly number[],
  options: Parameters<typeof bootstrap>[3],
): Interval | undefined {
  const [interval] = bootstrap(
    values.length,
    1,
    (counts, out) => {
      out[0] = values.reduce((sum, value, at) => sum + counts[at]! * value, 0) / values.length;
    },
    options,
  );
  return interval;
}
