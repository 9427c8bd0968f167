import type { RunRecord } from '../evaluation/record.js';
import type { Table } from './table.js';

const meanings: Readonly<Record<string, string>> = {
  train_mean: 'train mean answers every example with the mean of each factor over the training split',
  majority:
    'majority class answers every example with the most frequent class of each factor in the training split',
  nearest_seen:
    'nearest seen is an oracle that reads the true value and answers with the nearest one seen in training, the best that is possible without extrapolation',
};

/** What the numbers of trained models are: mean, interval, n, seeds, marks. */
export function describeRuns(seeds: readonly string[]): string[] {
  if (seeds.length === 0) return [];
  return [
    `Mean ± half-width of the 95 % Student t interval (n − 1 degrees of freedom) over n runs, ${describeSeeds(seeds)}; a single run has no interval.`,
    'Marked: the best trained model of a column, ties in print included.',
  ];
}

/** What the numbers are of runs that were selected, one in each trial. */
export const overTrials =
  'Mean ± half-width of the 95 % Student t interval (n − 1 degrees of freedom) over n trials; a single trial has no interval.';

function describeSeeds(seeds: readonly string[]): string {
  if (seeds.length === 1) return `seed ${seeds[0]}`;
  if (seeds.length <= 8) return `seeds ${seeds.join(', ')}`;
  return `${seeds.length} seeds from ${seeds[0]} to ${seeds.at(-1)}`;
}

export function describeReferences(references: readonly string[]): string[] {
  const known = references.flatMap((name) => meanings[name] ?? []);
  return known.length === 0
    ? []
    : [`References are computed, not trained, and have no interval: ${known.join('; ')}.`];
}

/** What is missing, and whether numbers of different backends stand side by side. */
export function describeCells(table: Table, records: readonly RunRecord[]): string[] {
  const absent = table.rows.flatMap((row) => row.cells).filter((cell) => cell.kind === 'missing').length;
  const backends = [...new Set(records.flatMap((record) => record.labels.backend ?? []))].sort();
  return [
    ...(absent === 0 ? [] : [`missing: no finished run has this value (${absent} cells).`]),
    ...(backends.length < 2
      ? []
      : [`Runs of different backends stand side by side: ${backends.join(', ')}.`]),
  ];
}
