import type { Cell, Table } from '../table.js';

/**
 * RFC 4180 with `\n` line ends. A column of numbers becomes three: mean, half-width of the interval and
 * number of runs, all digits; what is missing is empty. Columns of texts stay one.
 */
export function renderCsv(table: Table): string {
  const sections = table.rows.some((row) => row.section !== '');
  const texts = table.columns.map((_, index) => table.rows.every((row) => row.cells[index]?.kind === 'text'));
  const head = table.columns.flatMap(({ group, label }, index) => {
    const name = group === undefined ? label : `${group} ${label}`;
    return texts[index] === true ? [name] : [name, `${name} half-width`, `${name} n`];
  });
  const lines = [[...(sections ? ['section'] : []), ...table.stub, ...head]];
  for (const row of table.rows) {
    const cells = row.cells.flatMap((cell, index) =>
      texts[index] === true ? [textOf(cell)] : fieldsOf(cell),
    );
    lines.push([...(sections ? [row.section] : []), ...row.header, ...cells]);
  }
  return lines.map((fields) => `${fields.map(quote).join(',')}\n`).join('');
}

function textOf(cell: Cell): string {
  return cell.kind === 'text' ? cell.text : '';
}

function fieldsOf(cell: Cell): string[] {
  switch (cell.kind) {
    case 'missing':
      return ['', '', '0'];
    case 'text':
      return [cell.text, '', ''];
    case 'value':
      return [String(cell.value), '', ''];
    case 'estimate':
      return [String(cell.mean), cell.halfWidth === undefined ? '' : String(cell.halfWidth), String(cell.n)];
  }
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
