import type { ExampleScores } from '../../../evaluation/examples/example-scores.js';
import type { TransferPair } from '../records.js';

/** Finds what a network of a pair said of every example of a set; undefined where it is not known. */
export type FindScores = (network: string, id: string, set: string) => ExampleScores | undefined;

/** One network of a pair with its predictions on both sets. */
export interface PairPredictions {
  readonly network: string;
  readonly id: ExampleScores;
  readonly ood: ExampleScores;
  readonly idAccuracy: number;
  readonly oodAccuracy: number;
}

/** Networks of a pair whose predictions on both sets are known. */
export function listPredictions({ records, id, ood }: TransferPair, find: FindScores): PairPredictions[] {
  return records.flatMap(({ network, idMetrics, oodMetrics }) => {
    const [ofId, ofOod] = [find(network, id, id), find(network, id, ood)];
    if (ofId === undefined || ofOod === undefined) return [];
    const accuracies = { idAccuracy: idMetrics.accuracy!, oodAccuracy: oodMetrics.accuracy! };
    return [{ network, id: ofId, ood: ofOod, ...accuracies }];
  });
}
