import { displayName, type HeldOutResults, summarizeKey } from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import { countRuns, listNames, toCell } from './held-out.js';
import type { Column, Row, Table } from './table.js';

/** One row per model and reference, one column per set; a section per split. */
export function tabulateSets(results: HeldOutResults, dataset: string, metric: string): Omit<Table, 'name'> {
  const { splits, targets } = results.order;
  const sets = listSets(results, dataset);
  const keys = sets.map((set) => rowKey(set, {}));
  const counted = metric === 'R²' || countsSeveral(results, dataset) ? targets : targets.slice(0, 1);
  const of = counted.length === 1 ? ` of ${listNames(counted)}` : `, mean over ${listNames(counted)},`;
  const rows = splits.flatMap((split) => tabulateModels(results, { dataset, split, section: split }, keys));
  return {
    title: `${metric} by model and set on ${dataset}`,
    caption: [`${metric}${of} on combinations seen in training (train) and on every other set of the split.`],
    stub: ['model'],
    columns: toColumns(sets),
    rows,
  };
}

/** Accuracy of each target, their mean, and of all at once; a section per set. */
export function tabulateClasses(results: HeldOutResults, dataset: string): Omit<Table, 'name'> {
  const { splits, targets } = results.order;
  const several = countsSeveral(results, dataset);
  const labels = [...targets, 'mean', ...(several ? ['all right'] : [])];
  const rows = splits.flatMap((split) =>
    listSets(results, dataset, split).flatMap((set) => {
      const keys = [
        ...targets.map((target) => rowKey(set, { target })),
        rowKey(set, {}),
        ...(several ? [rowKey(set, { targets: 'all' })] : []),
      ];
      return tabulateModels(results, { dataset, split, section: `${split}: ${set}` }, keys);
    }),
  );
  return {
    title: `Accuracy by factor and set on ${dataset}`,
    caption: [
      `Share of examples whose class is told, for each factor${several ? '; all right: for all factors of an example at once' : ''}.`,
    ],
    stub: ['model'],
    columns: toColumns(labels),
    rows,
  };
}

/** Whether means are over several targets: they are of the first alone where all others are beside the point. */
function countsSeveral(results: HeldOutResults, dataset: string): boolean {
  const ofAll = rowKey('', { targets: 'all' });
  return listKeys(results, dataset, results.order.splits).some((key) => key.endsWith(ofAll));
}

function toColumns(labels: readonly string[]): Column[] {
  return [...labels.map((label) => ({ label, best: 'highest' as const })), { label: 'n' }];
}

function tabulateModels(
  results: HeldOutResults,
  { dataset, split, section }: { readonly dataset: string; readonly split: string; readonly section: string },
  keys: readonly string[],
): Row[] {
  const { models, references } = results.order;
  return [...models, ...references].map((model): Row => {
    const runs = results.find(dataset, model, split);
    const ranked = models.includes(model);
    const cells = keys.map((key) => toCell(summarizeKey(runs, key), ranked));
    const n = ranked ? countRuns([runs.length]) : ({ kind: 'text', text: '' } as const);
    return { header: [displayName(model)], section, ranked, cells: [...cells, n] };
  });
}

/** Sets of one split, or of all, in the order of the records. */
function listSets(results: HeldOutResults, dataset: string, split?: string): readonly string[] {
  const keys = listKeys(results, dataset, split === undefined ? results.order.splits : [split]);
  return [...new Set(keys.map((key) => key.split(' ')[0]!))];
}

function listKeys(
  { order, find }: HeldOutResults,
  dataset: string,
  splits: readonly string[],
): readonly string[] {
  const runs = splits.flatMap((split) =>
    [...order.models, ...order.references].flatMap((model) => find(dataset, model, split)),
  );
  return runs.flatMap((values) => [...values.keys()]);
}
