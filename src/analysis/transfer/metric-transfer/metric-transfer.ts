import { quantileOf, type Spread, sortNumbers, spreadOf } from '../../../core/numbers/quantiles.js';
import { stream } from '../../../random/stream.js';
import { groupPairs, listMetrics, type TransferPair, type TransferRecord } from '../records.js';
import { bootstrap, type Interval } from '../statistics/bootstrap.js';
import { pearson, spearman } from '../statistics/correlation.js';

/** How a metric on the ID set goes with itself on the OOD set, over the networks of one pair. */
export interface PairTransfer {
  readonly pair: TransferPair;
  readonly n: number;
  readonly pearson: number;
  readonly spearman: number;
}

export interface MetricTransfer {
  readonly metric: string;
  readonly pairs: readonly PairTransfer[];
  /** Of Spearman's correlation, over the pairs that have one. */
  readonly spread: Spread;
  /**
   * Percentile interval of the median over pairs, by drawing ID sets with all of their pairs with replacement: networks of
   * one ID set are the same in all of its pairs. Undefined for fewer than three ID sets.
   */
  readonly interval: Interval | undefined;
}

const fewestNetworks = 3;
const fewestSets = 3;

/** Every metric that both sides know and that varies on some pair, the one that transfers best first. */
export function measureMetricTransfer(
  records: readonly TransferRecord[],
  { draws = 1000, level = 0.95, seed = 0 } = {},
): MetricTransfer[] {
  const pairs = groupPairs(records);
  const ood = new Set(listMetrics(records, 'oodMetrics'));
  const metrics = listMetrics(records, 'idMetrics').filter((name) => ood.has(name));
  const found = metrics.flatMap((metric) => {
    const own = pairs.map((pair) => correlate(pair, metric));
    const spread = spreadOf(own.map(({ spearman }) => spearman));
    if (spread === undefined) return [];
    const source = stream(seed, 'transfer', 'metric', metric);
    return [{ metric, pairs: own, spread, interval: intervalOfMedian(own, { draws, level, source }) }];
  });
  return found.sort((a, b) => b.spread.median - a.spread.median);
}

function correlate(pair: TransferPair, metric: string): PairTransfer {
  const points = pair.records.flatMap(({ idMetrics, oodMetrics }) => {
    const [x, y] = [idMetrics[metric], oodMetrics[metric]];
    return x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y)
      ? [[x, y] as const]
      : [];
  });
  const [x, y] = [points.map(([one]) => one), points.map(([, other]) => other)];
  const enough = points.length >= fewestNetworks;
  return {
    pair,
    n: points.length,
    pearson: enough ? pearson(x, y) : Number.NaN,
    spearman: enough ? spearman(x, y) : Number.NaN,
  };
}

function intervalOfMedian(
  pairs: readonly PairTransfer[],
  options: Parameters<typeof bootstrap>[3],
): Interval | undefined {
  const known = pairs.filter(({ spearman }) => Number.isFinite(spearman));
  const sets = [...new Set(known.map(({ pair }) => `${pair.task}\n${pair.id}`))];
  if (sets.length < fewestSets) return undefined;
  const bySet = sets.map((set) =>
    known.filter(({ pair }) => `${pair.task}\n${pair.id}` === set).map(({ spearman }) => spearman),
  );
  const [interval] = bootstrap(
    sets.length,
    1,
    (counts, out) => {
      const drawn = bySet.flatMap((values, at) => Array.from({ length: counts[at]! }, () => values).flat());
      out[0] = quantileOf(sortNumbers(drawn), 0.5);
    },
    options,
  );
  return interval;
}
