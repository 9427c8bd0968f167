import type { Cell, Table } from '../table.js';

/**
 * RFC 4180 with `\n` line ends. A column of numbers becomes three: mean, half-width of the interval and
 * number of runs, all digits; what is missing is empty. A column of intervals becomes two, their ends; columns of texts
 * stay one.
 */
export function renderCsv(table: Table): string {
  const sections = table.rows.some((row) => row.section !== '');
  const kinds = table.columns.map((_, index) => kindOf(table.rows.map((row) => row.cells[index]!)));
  const head = table.columns.flatMap(({ group, label }, index) => {
    const name = group === undefined ? label : `${group} ${label}`;
    return namesOf[kinds[index]!](name);
  });
  const lines = [[...(sections ? ['section'] : []), ...table.stub, ...head]];
  for (const row of table.rows) {
    const cells = row.cells.flatMap((cell, index) => writers[kinds[index]!](cell));
    lines.push([...(sections ? [row.section] : []), ...row.header, ...cells]);
  }
  return lines.map((fields) => `${fields.map(quote).join(',')}\n`).join('');
}

type ColumnKind = 'texts' | 'intervals' | 'numbers';

function kindOf(cells: readonly Cell[]): ColumnKind {
  if (cells.every(({ kind }) => kind === 'text')) return 'texts';
  return cells.every(({ kind }) => kind === 'text' || kind === 'interval') ? 'intervals' : 'numbers';
}

const namesOf: Readonly<Record<ColumnKind, (name: string) => string[]>> = {
  texts: (name) => [name],
  intervals: (name) => [`${name} low`, `${name} high`],
  numbers: (name) => [name, `${name} half-width`, `${name} n`],
};

const writers: Readonly<Record<ColumnKind, (cell: Cell) => string[]>> = {
  texts: (cell) => [cell.kind === 'text' ? cell.text : ''],
  intervals: (cell) => (cell.kind === 'interval' ? [String(cell.low), String(cell.high)] : ['', '']),
  numbers: fieldsOf,
};

function fieldsOf(cell: Cell): string[] {
  switch (cell.kind) {
    case 'missing':
      return ['', '', '0'];
    case 'text':
      return [cell.text, '', ''];
    case 'value':
      return [String(cell.value), '', ''];
    case 'interval':
      return [`${cell.low} ${cell.high}`, '', ''];
    case 'estimate':
      return [String(cell.mean), cell.halfWidth === undefined ? '' : String(cell.halfWidth), String(cell.n)];
  }
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
