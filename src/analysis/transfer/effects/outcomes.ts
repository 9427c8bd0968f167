import { fitPair } from '../fits/fit.js';
import { groupNetworks, groupPairs, type TransferRecord } from '../records.js';

/** One network with what came of it. */
export interface NetworkOutcome {
  readonly network: string;
  readonly task: string;
  readonly id: string;
  readonly factors: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<Outcome, number>>;
}

/** Accuracy on the ID set; means over the OOD sets of accuracy and of effective robustness on probit axes. */
export const outcomes = ['ID accuracy', 'OOD accuracy', 'effective robustness'] as const;
export type Outcome = (typeof outcomes)[number];

/** One row per network, so that a network with many OOD sets does not count more than others. */
export function listOutcomes(records: readonly TransferRecord[]): NetworkOutcome[] {
  const robustness = new Map<TransferRecord, number>();
  for (const pair of groupPairs(records)) {
    const fit = fitPair(pair, 'probit', { draws: 0 });
    for (const [at, record] of pair.records.entries()) robustness.set(record, fit.robustness[at]!);
  }
  return groupNetworks(records).map((own) => {
    const { network, task, id, factors, idMetrics } = own[0]!;
    const mean = (of: (record: TransferRecord) => number) =>
      own.reduce((sum, record) => sum + of(record), 0) / own.length;
    return {
      network,
      task,
      id,
      factors,
      values: {
        'ID accuracy': idMetrics.accuracy!,
        'OOD accuracy': mean(({ oodMetrics }) => oodMetrics.accuracy!),
        'effective robustness': mean((record) => robustness.get(record)!),
      },
    };
  });
}
