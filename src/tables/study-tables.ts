import { fileSuffixes } from '../analysis/file-names.js';
import { collectResults, type HeldOutOrder, type HeldOutResults } from '../analysis/held-out.js';
import type { RecordRow } from '../evaluation/predictions.js';
import type { RunRecord } from '../evaluation/record.js';
import { describeCells, describeReferences, describeRuns } from './captions.js';
import { tabulateFactors, tabulateSplits, tabulateSubSplits } from './held-out.js';
import { tabulateClasses, tabulateSets } from './named-sets.js';
import { markBest, type Table } from './table.js';

interface Tabulator {
  readonly metric: string;
  tabulate(results: HeldOutResults, dataset: string): Omit<Table, 'name'>;
  /** Whether a study with these rows has what the table shows. */
  applies(rows: readonly RecordRow[]): boolean;
}

const isNamed = ({ set }: RecordRow) => set !== 'train' && set !== 'test';
const hasAccuracy = (rows: readonly RecordRow[]) => rows.some(({ metric }) => metric === 'accuracy');
/** What is neither of classes nor of named sets is of this kind, even where its numbers are missing. */
const isHeldOut = (rows: readonly RecordRow[]) =>
  rows.some(({ metric, set }) => metric === 'r2' && set === 'test') ||
  !(hasAccuracy(rows) || rows.some(isNamed));

/** The tables of a study, in the usual order: those of Schott et al. (2022), of named sets and of classes. */
const tabulators = {
  'r2-by-split': { metric: 'r2', tabulate: tabulateSplits, applies: isHeldOut },
  'r2-by-factor': { metric: 'r2', tabulate: tabulateFactors, applies: isHeldOut },
  'r2-by-sub-split': { metric: 'r2', tabulate: tabulateSubSplits, applies: isHeldOut },
  'r2-by-set': {
    metric: 'r2',
    tabulate: (results, dataset) => tabulateSets(results, dataset, 'R²'),
    applies: (rows) => rows.some((row) => row.metric === 'r2' && isNamed(row)),
  },
  'accuracy-by-set': {
    metric: 'accuracy',
    tabulate: (results, dataset) => tabulateSets(results, dataset, 'Accuracy'),
    applies: hasAccuracy,
  },
  'accuracy-by-factor': { metric: 'accuracy', tabulate: tabulateClasses, applies: hasAccuracy },
} as const satisfies Readonly<Record<string, Tabulator>>;

export type TableName = keyof typeof tabulators;
export const tableNames = Object.keys(tabulators) as readonly TableName[];

/**
 * The named tables, once per dataset, where the records have what they show. `order` names rows and columns, also
 * those without runs; what it leaves out is taken from the records.
 */
export function studyTables(
  records: readonly RunRecord[],
  order: Partial<HeldOutOrder> = {},
  names: readonly TableName[] = tableNames,
): Table[] {
  const rows = records.flatMap((record) => record.rows);
  const shown = names.filter((name) => tabulators[name].applies(rows));
  const byMetric = new Map(
    [...new Set(shown.map((name) => tabulators[name].metric))].map((metric) => [
      metric,
      collectResults(records, metric, order),
    ]),
  );
  const [first] = byMetric.values();
  if (first === undefined) return [];
  const suffixes = fileSuffixes(first.order.datasets);
  return first.order.datasets.flatMap((dataset) =>
    shown
      .map((name) => {
        const { metric, tabulate } = tabulators[name];
        return { name: `${name}${suffixes.get(dataset)}`, ...tabulate(byMetric.get(metric)!, dataset) };
      })
      .filter((table) => table.rows.length > 0)
      .map((table) => {
        const notes = [
          ...describeRuns(first.seeds),
          ...describeReferences(first.order.references),
          ...describeCells(table, records),
        ];
        return markBest({ ...table, caption: [...table.caption, ...notes] });
      }),
  );
}
