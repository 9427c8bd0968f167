import { displayName, type HeldOutResults, summarizeKey } from '../analysis/held-out.js';
import { rowKey } from '../analysis/records.js';
import { accuracyUnderAttack } from '../evaluation/attacks/rows.js';
import type { RecordRow } from '../evaluation/predictions.js';
import { countRuns, toCell } from './held-out.js';
import type { Row, Table } from './table.js';

/** Accuracy by the size of attacks, a row per model and kind; a section per split, set and norm. */
export function tabulateAttacks(
  results: HeldOutResults,
  records: readonly RecordRow[],
  dataset: string,
): Omit<Table, 'name'> {
  const own = records.filter(({ metric }) => metric === accuracyUnderAttack);
  const list = (of: (row: RecordRow) => string | undefined) => [
    ...new Set(own.map(of).filter((text) => text !== undefined)),
  ];
  const sizes = list(({ group }) => (group.attack === 'none' ? undefined : group.size));
  const kinds = list(({ group }) => (group.attack === 'none' ? undefined : group.attack));
  const { splits, models } = results.order;
  const rows = splits.flatMap((split) =>
    list(({ set }) => set).flatMap((set) =>
      list(({ group }) => group.norm).flatMap((norm) =>
        models.flatMap((model) => {
          const runs = results.find(dataset, model, split);
          const cellOf = (attack: string, size: string) =>
            toCell(summarizeKey(runs, rowKey(set, { attack, norm, size })), true);
          const has = (attack: string) =>
            runs.some((run) => sizes.some((size) => run.has(rowKey(set, { attack, norm, size }))));
          return kinds.filter(has).map(
            (attack): Row => ({
              header: [displayName(model), attack],
              section: `${split}: ${set}, ${norm}`,
              ranked: true,
              cells: [
                cellOf('none', '0'),
                ...sizes.map((size) => cellOf(attack, size)),
                countRuns([runs.length]),
              ],
            }),
          );
        }),
      ),
    ),
  );
  return {
    title: `Accuracy under attack by size on ${dataset}`,
    caption: [
      'Share of examples that are answered right, whatever an attack changed in their images: no number by more than the size (linf), or all of them by a difference of that length (l2), of images from 0 to 1. 0: as they are; all: right under every kind.',
    ],
    stub: ['model', 'attack'],
    columns: [...['0', ...sizes].map((label) => ({ label, best: 'highest' as const })), { label: 'n' }],
    rows,
  };
}
