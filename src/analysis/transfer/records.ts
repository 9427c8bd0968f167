import { groupBy } from '../records.js';

/**
 * How one network does on the set that it was trained for and on one other set: what all analyses of transfer start from,
 * whether the numbers come from runs or from files of predictions.
 */
export interface TransferRecord {
  /** Unique among networks with the same ID set. */
  readonly network: string;
  /** What the sets of a pair share: the labels. */
  readonly task: string;
  /** In-distribution set: held-out examples of what the network was trained on. */
  readonly id: string;
  /** Out-of-distribution set. */
  readonly ood: string;
  /** How the network was made: `arch`, `lr`, `shot`, `seed` ... */
  readonly factors: Readonly<Record<string, string>>;
  /**
   * Metrics on either set by name; NaN where it is not known. `accuracy` is always there. What was measured on altered
   * copies of a set stands behind `@`: `accuracy@fog-3`, `accuracy@apgd-0.1`.
   */
  readonly idMetrics: Readonly<Record<string, number>>;
  readonly oodMetrics: Readonly<Record<string, number>>;
  /** Examples of either set. */
  readonly idCount: number;
  readonly oodCount: number;
}

/** Networks on one ordered pair of sets. */
export interface TransferPair {
  readonly task: string;
  readonly id: string;
  readonly ood: string;
  readonly records: readonly TransferRecord[];
}

/** Records by pair, in the order in which these come. */
export function groupPairs(records: readonly TransferRecord[]): TransferPair[] {
  const groups = groupBy(records, ({ task, id, ood }) => JSON.stringify([task, id, ood]));
  return [...groups.values()].map((own) => {
    const { task, id, ood } = own[0]!;
    return { task, id, ood, records: own };
  });
}

/** `photo → sketch`. */
export function namePair({ id, ood }: Pick<TransferPair, 'id' | 'ood'>): string {
  return `${id} → ${ood}`;
}

/** One entry per network (an ID set and a name), with all records of it. */
export function groupNetworks(records: readonly TransferRecord[]): (readonly TransferRecord[])[] {
  return [...groupBy(records, ({ task, id, network }) => JSON.stringify([task, id, network])).values()];
}

/** Names of the metrics that some record knows, in the order of their first record. */
export function listMetrics(records: readonly TransferRecord[], side: 'idMetrics' | 'oodMetrics'): string[] {
  const names = new Set<string>();
  for (const record of records)
    for (const [name, value] of Object.entries(record[side])) if (!Number.isNaN(value)) names.add(name);
  return [...names];
}

/** Names of the factors, in the order of their first record. */
export function listFactors(records: readonly TransferRecord[]): string[] {
  return [...new Set(records.flatMap(({ factors }) => Object.keys(factors)))];
}
