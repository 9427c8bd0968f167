import { HeldoutError } from '../core/errors.js';
import type { RunRecord } from '../evaluation/record.js';
import { groupBy, indexValues, rowKey } from './records.js';
import { type Summary, summarize } from './summary.js';

/** What a study of held-out combinations compares, in the order in which it is shown. */
export interface HeldOutOrder {
  readonly datasets: readonly string[];
  /** Trained models. */
  readonly models: readonly string[];
  /** What is computed rather than trained: `train_mean`, `majority`, `nearest_seen`. */
  readonly references: readonly string[];
  readonly splits: readonly string[];
  /** Targets, in the order of the model's outputs. */
  readonly targets: readonly string[];
}

/** Values of one metric over all runs, found by what was run. */
export interface HeldOutResults {
  readonly order: HeldOutOrder;
  /** Seeds of the trained runs, ascending. */
  readonly seeds: readonly string[];
  /** Values by `rowKey`, one map per run, ascending by seed; empty where nothing was run. */
  readonly find: (dataset: string, model: string, split: string) => readonly ReadonlyMap<string, number>[];
}

const usualSplits = ['random', 'composition', 'interpolation', 'extrapolation'];
const usualReferences = ['train_mean', 'majority', 'nearest_seen'];

/** Names as a paper writes them. */
const displayNames: Readonly<Record<string, string>> = {
  cnn: 'CNN',
  mlp: 'MLP',
  'mlp-small': 'MLP (64, 32)',
  softmax: 'softmax regression',
  patch_mlp: 'patch MLP',
  nac: 'NAC',
  'nac-dense': 'NAC-dense',
  'nac-planted': 'NAC planted partition',
  'nac-ring': 'NAC ring of cliques',
  'nac-random': 'NAC Erdős–Rényi',
  'nac-expected-links': 'NAC expected links',
  'nac-fixed-links': 'NAC fixed links',
  'nac-fixed-codes': 'NAC fixed codes',
  'nac-plain': 'NAC plain layers',
  'nac-design': 'NAC designed by the condition',
  'nac-token': 'NAC with the condition as a token',
  'perceiver-io': 'Perceiver IO',
  'sparse-perceiver': 'sparse Perceiver IO',
  neural_interpreter_small: 'neural interpreter (small)',
  vit: 'ViT',
  train_mean: 'train mean',
  majority: 'majority class',
  nearest_seen: 'nearest seen (oracle)',
};

/** Of a label such as `mlp, learning_rate=0.002` the first part is the name. */
export function displayName(label: string): string {
  const [name, ...extras] = label.split(', ');
  return [displayNames[name!] ?? name!, ...extras].join(', ').replaceAll('_', ' ');
}

/**
 * Indexes the records of one study by their labels `dataset`, `model`, `split` and `seed`; runs whose label
 * `protocol` is `reference` are references. `order` fills up what is left out from the records, so that it
 * can also name what should be there and is not. Throws HeldoutError when two runs carry the same labels:
 * their numbers must not be averaged as if only the seed differed.
 */
export function collectResults(
  records: readonly RunRecord[],
  metric: string,
  order: Partial<HeldOutOrder> = {},
): HeldOutResults {
  const groups = groupBy(records, (record) => placeOf(record));
  const runs = new Map<string, ReadonlyMap<string, number>[]>();
  for (const [place, members] of groups) {
    const sorted = [...members].sort((a, b) => compareSeeds(a.labels.seed, b.labels.seed));
    refuseTwins(sorted);
    runs.set(
      place,
      sorted.map((record) => indexValues(record, metric)),
    );
  }
  const firsts = [...groups.values()].map((members) => members[0]!);
  const isReference = (record: RunRecord) => record.labels.protocol === 'reference';
  const names = (label: string, from: readonly RunRecord[]) =>
    unique(from.map((record) => labelOf(record, label)));
  const trained = records.filter((record) => !isReference(record));
  return {
    order: {
      datasets: order.datasets ?? names('dataset', firsts).sort(),
      models:
        order.models ??
        names(
          'model',
          firsts.filter((record) => !isReference(record)),
        ).sort(),
      references:
        order.references ?? putFirst(usualReferences, names('model', firsts.filter(isReference)).sort()),
      splits: order.splits ?? putFirst(usualSplits, names('split', firsts).sort()),
      targets: order.targets ?? listTargets(firsts),
    },
    seeds: unique(trained.map((record) => labelOf(record, 'seed'))).sort(compareSeeds),
    find: (dataset, model, split) => runs.get(`${dataset}\n${model}\n${split}`) ?? [],
  };
}

/** Summary of one value over runs; runs that do not have it are left out. */
export function summarizeKey(runs: readonly ReadonlyMap<string, number>[], key: string): Summary | undefined {
  return summarize(runs.flatMap((values) => values.get(key) ?? []));
}

/** Targets that are held out on their own in some example of the split: those with a sub-split. */
export function listSubSplits(results: HeldOutResults, dataset: string, split: string): string[] {
  const { models, references, targets } = results.order;
  return targets.filter((target) =>
    [...models, ...references].some((model) =>
      results
        .find(dataset, model, split)
        .some((values) => values.has(rowKey('test', { held: target, targets: 'out' }))),
    ),
  );
}

function placeOf(record: RunRecord): string {
  return `${labelOf(record, 'dataset')}\n${labelOf(record, 'model')}\n${labelOf(record, 'split')}`;
}

function labelOf(record: RunRecord, label: string): string {
  return record.labels[label] ?? '';
}

function refuseTwins(sorted: readonly RunRecord[]): void {
  for (const [index, record] of sorted.entries()) {
    const previous = sorted[index - 1];
    if (previous === undefined || previous.labels.seed !== record.labels.seed) continue;
    const { model, split, seed } = record.labels;
    throw new HeldoutError({
      code: 'E_RECORDS_AMBIGUOUS',
      message: `runs ${previous.run} and ${record.run} are both model ${model}, split ${split}, seed ${seed}`,
      hints: ['build the tables from one plan, in which every such run occurs once'],
    });
  }
}

function listTargets(records: readonly RunRecord[]): string[] {
  return unique(records.flatMap((record) => record.rows.flatMap((row) => row.group.target ?? [])));
}

function putFirst(usual: readonly string[], names: readonly string[]): string[] {
  return [...usual.filter((name) => names.includes(name)), ...names.filter((name) => !usual.includes(name))];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function compareSeeds(a = '', b = ''): number {
  return Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0);
}
