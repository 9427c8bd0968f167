import { boundChance } from '../../analysis/fairness/bounds/binomial-bounds.js';
import type { Table } from '../table.js';
import { columns, count, interval, percent, row, value } from './cells.js';

/** Metrics of a network on a set. */
export interface AccuracyRow {
  readonly network: string;
  /** Set that it was trained for. */
  readonly id: string;
  readonly set: string;
  readonly n: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What each network does on each set: a section per set. */
export function tabulateAccuracies(
  rows: readonly AccuracyRow[],
  { level, bins }: { level: number; bins: number },
): Table {
  const shown = [
    ['NLL', 'cross_entropy'],
    ['Brier', 'brier'],
    ['ECE', 'ece'],
    ['top-5', 'top_5_accuracy'],
    ['worst group', 'worst_group_accuracy'],
    ['TV', 'group_disparity'],
    ['inferred TV', 'inferred_group_disparity'],
  ] as const;
  const used = shown.filter(([, metric]) => rows.some(({ metrics }) => Number.isFinite(metrics[metric])));
  const sets = [...new Set(rows.map(({ set }) => set))];
  return {
    name: 'accuracies',
    title: 'Accuracy of every network on every set',
    caption: [
      `Interval: exact ${percent(level)} interval of Clopper and Pearson, over examples of the set; it says nothing of other trainings.`,
      ...(used.length === 0
        ? []
        : [
            `NLL in nats; Brier: squared distance over all classes, 0 to 2; ECE: ${bins} bins of equal width, closed below.`,
            'TV: how far answers of a group are from all answers, in total variation, 0 to 1, mean over examples; inferred: of two groups that break invariance most (EIIL, closed form).',
          ]),
    ],
    stub: ['network', 'trained for'],
    columns: columns('n', 'accuracy', 'interval', ...used.map(([label]) => label)),
    rows: sets.flatMap((set) =>
      rows
        .filter((one) => one.set === set)
        .map(({ network, id, n, metrics }) => {
          const accuracy = metrics.accuracy!;
          return row(
            [network, id],
            [
              count(n),
              value(accuracy),
              interval(boundChance(Math.round(accuracy * n), n, 1 - level)),
              ...used.map(([, metric]) => value(metrics[metric])),
            ],
            set,
          );
        }),
    ),
  };
}
