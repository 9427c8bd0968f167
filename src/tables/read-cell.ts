import type { Summary } from '../analysis/summary.js';
import type { Table } from './table.js';

/** Where a cell is: names of a table, of a row by its leading cells, and of a column as Markdown has it. */
export interface CellPlace {
  readonly table: string;
  readonly section?: string | undefined;
  readonly row: readonly string[];
  readonly column: string;
}

/** How a column is named where it stands alone: its group goes before its label. */
export function nameColumn({ group, label }: Table['columns'][number]): string {
  return group === undefined ? label : `${group}: ${label}`;
}

/** The number in a cell; undefined where there is no such cell, or no number in it. */
export function readCell(tables: readonly Table[], place: CellPlace): Summary | undefined {
  const table = tables.find(({ name }) => name === place.table);
  const column = table?.columns.findIndex((one) => nameColumn(one) === place.column) ?? -1;
  const row = table?.rows.find(
    ({ section, header }) =>
      (place.section === undefined || section === place.section) &&
      header.length === place.row.length &&
      header.every((text, at) => text === place.row[at]),
  );
  const cell = row?.cells[column];
  if (cell?.kind === 'estimate') {
    const { mean, halfWidth, n } = cell;
    return { mean, halfWidth, n, values: [] };
  }
  return cell?.kind === 'value'
    ? { mean: cell.value, halfWidth: undefined, n: 1, values: [cell.value] }
    : undefined;
}
