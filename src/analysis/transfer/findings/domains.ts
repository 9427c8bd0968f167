import { groupBy } from '../../records.js';
import { groupNetworks, groupPairs, type TransferRecord } from '../records.js';
import { pearson, spearman } from '../statistics/correlation.js';

/** The networks that were trained on one domain. */
export interface Domain {
  readonly task: string;
  readonly id: string;
  readonly records: readonly TransferRecord[];
}

/** Domains with at least so many networks. */
export function listDomains(records: readonly TransferRecord[], fewest: number): Domain[] {
  const groups = groupBy(records, ({ task, id }) => JSON.stringify([task, id]));
  return [...groups.values()].flatMap((own) =>
    groupNetworks(own).length < fewest ? [] : [{ task: own[0]!.task, id: own[0]!.id, records: own }],
  );
}

/** A number of a network on one side of a pair; NaN where it is not known. */
export type Measure = (metrics: Readonly<Record<string, number>>) => number;

/**
 * How much of the variance of OOD accuracy a line on an ID metric explains, mean over the pairs of a domain; 0 where the
 * metric does not vary. NaN where a network lacks it.
 */
export function explain({ records }: Domain, measure: Measure): number {
  return meanOver(groupPairs(records), ({ records: own }) => {
    const x = own.map(({ idMetrics }) => measure(idMetrics));
    if (x.some(Number.isNaN)) return Number.NaN;
    return squared(
      x,
      own.map(({ oodMetrics }) => oodMetrics.accuracy!),
    );
  });
}

/** The same by the accuracy on a third domain: mean over ordered pairs of OOD sets. NaN where there is one alone. */
export function explainByThird({ records }: Domain): number {
  const pairs = groupPairs(records);
  const accuracies = pairs.map(({ records: own }) => {
    return new Map(own.map(({ network, oodMetrics }) => [network, oodMetrics.accuracy!]));
  });
  const couples = accuracies.flatMap((of, at) =>
    accuracies.flatMap((by, other) => (other === at ? [] : [{ of, by }])),
  );
  return meanOver(couples, ({ of, by }) => {
    const names = [...of.keys()].filter((name) => by.has(name));
    return squared(
      names.map((name) => by.get(name)!),
      names.map((name) => of.get(name)!),
    );
  });
}

/** Spearman's correlation of a metric with itself on the other side, mean over the pairs of a domain; 0 where it does not vary. */
export function carryOver({ records }: Domain, measure: Measure): number {
  return meanOver(groupPairs(records), ({ records: own }) => {
    const x = own.map(({ idMetrics }) => measure(idMetrics));
    const y = own.map(({ oodMetrics }) => measure(oodMetrics));
    if ([...x, ...y].some(Number.isNaN)) return Number.NaN;
    return spearman(x, y) || 0;
  });
}

function squared(x: readonly number[], y: readonly number[]): number {
  return (pearson(x, y) || 0) ** 2;
}

function meanOver<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0) / items.length;
}
