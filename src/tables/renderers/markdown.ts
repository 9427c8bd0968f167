import { nameColumn } from '../read-cell.js';
import { type Cell, formatInterval, formatNumber, spanNeighbours, type Table } from '../table.js';

/** GitHub's Markdown: title, table, caption. The best of a column is bold. */
export function renderMarkdown(table: Table): string {
  const heads = table.columns.map((column) => escapeMarkdown(nameColumn(column)));
  const lines = [
    line([...table.stub, ...heads]),
    line([...table.stub.map(() => ':--'), ...table.columns.map(() => '--:')]),
  ];
  for (const [section, start, length] of spanNeighbours(table.rows, (row) => row.section)) {
    if (section !== '') lines.push(line([`*${escapeMarkdown(section)}*`, ...fill(table)]));
    for (const row of table.rows.slice(start, start + length)) {
      lines.push(line([...row.header.map(escapeMarkdown), ...row.cells.map(formatCell)]));
    }
  }
  return `**${escapeMarkdown(table.title)}**\n\n${lines.join('\n')}\n\n${table.caption.map(escapeMarkdown).join(' ')}\n`;
}

function fill(table: Table): string[] {
  return Array.from({ length: table.stub.length + table.columns.length - 1 }, () => '');
}

function line(texts: readonly string[]): string {
  return `| ${texts.join(' | ')} |`;
}

function formatCell(cell: Cell): string {
  switch (cell.kind) {
    case 'missing':
      return 'missing';
    case 'text':
      return escapeMarkdown(cell.text);
    case 'value':
      return formatNumber(cell.value);
    case 'interval':
      return formatInterval(cell);
    case 'estimate': {
      const half = cell.halfWidth === undefined ? 'n/a' : formatNumber(cell.halfWidth);
      return cell.best === true
        ? `**${formatNumber(cell.mean)}** ± ${half}`
        : `${formatNumber(cell.mean)} ± ${half}`;
    }
  }
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\|*_`<>]/g, '\\$&').replace(/\s+/g, ' ');
}
