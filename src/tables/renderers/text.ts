import {
  type Cell,
  type Column,
  formatInterval,
  formatNumber,
  type Row,
  spanNeighbours,
  type Table,
} from '../table.js';

export interface TextOptions {
  /** Columns of the terminal: what is wider is broken into blocks that repeat the row headers. */
  readonly width?: number;
}

interface Part {
  readonly columns: readonly Column[];
  /** Index of each column in the table. */
  readonly indices: readonly number[];
}

const gap = '  ';

/** Plain text in booktabs style for a terminal. The best of a column carries a `*`. */
export function renderText(table: Table, { width = 100 }: TextOptions = {}): string {
  const stubWidths = table.stub.map((name, index) =>
    widest([name, ...table.rows.map((row) => row.header[index]!)]),
  );
  const widths = table.columns.map((column, index) =>
    widest([column.label, ...table.rows.map((row) => formatCell(row.cells[index]!))]),
  );
  const blocks = splitColumns(table, widths, width - total(stubWidths)).map((part) =>
    renderBlock(table, part, stubWidths, widths),
  );
  return `${[table.title, ...blocks, wrap(table.caption.join(' '), width).join('\n')].join('\n\n')}\n`;
}

/** Whole groups of columns, as many as fit side by side. */
function splitColumns(table: Table, widths: readonly number[], room: number): Part[] {
  const parts: { columns: Column[]; indices: number[]; used: number }[] = [];
  const groups = spanNeighbours(
    [...table.columns.keys()],
    (index) => table.columns[index]!.group ?? `${index}`,
  );
  for (const [, start, length] of groups) {
    const indices = Array.from({ length }, (_, offset) => start + offset);
    const columns = indices.map((index) => table.columns[index]!);
    const used = indices.reduce((sum, index) => sum + gap.length + widths[index]!, 0);
    const last = parts.at(-1);
    if (last !== undefined && last.used + used <= room) {
      last.columns.push(...columns);
      last.indices.push(...indices);
      last.used += used;
    } else parts.push({ columns, indices, used });
  }
  return parts;
}

function renderBlock(
  table: Table,
  part: Part,
  stubWidths: readonly number[],
  allWidths: readonly number[],
): string {
  const widths = part.indices.map((index) => allWidths[index]!);
  const groups = spanNeighbours(part.columns, (column) => column.group ?? '');
  // A group's heading may be wider than its columns: the last of them makes room.
  for (const [group, start, length] of groups) {
    const short = countSigns(group) - total(widths.slice(start, start + length));
    if (short > 0) widths[start + length - 1]! += short;
  }
  const heads = groups.map(([group, start, length]) =>
    centre(group, total(widths.slice(start, start + length))),
  );
  const rules = groups.map(([group, start, length]) =>
    (group === '' ? ' ' : '─').repeat(total(widths.slice(start, start + length))),
  );
  const stub = (texts: readonly string[]) => texts.map((text, index) => text.padEnd(stubWidths[index]!));
  const line = (row: Row) => [
    ...stub(row.header),
    ...part.indices.map((index, position) => formatCell(row.cells[index]!).padStart(widths[position]!)),
  ];
  const full = '─'.repeat(total([...stubWidths, ...widths]));
  const lines = [full];
  if (groups.some(([group]) => group !== '')) {
    lines.push([...stub(table.stub.map(() => '')), ...heads].join(gap));
    lines.push([...stub(table.stub.map(() => '')), ...rules].join(gap));
  }
  const labels = part.columns.map((column, position) => column.label.padStart(widths[position]!));
  lines.push([...stub(table.stub), ...labels].join(gap), full);
  for (const [position, [section, start, length]] of spanNeighbours(
    table.rows,
    (row) => row.section,
  ).entries()) {
    if (position > 0) lines.push('');
    if (section !== '') lines.push(`${section}:`);
    for (const row of table.rows.slice(start, start + length)) lines.push(line(row).join(gap));
  }
  lines.push(full);
  return lines.map((text) => text.trimEnd()).join('\n');
}

function formatCell(cell: Cell): string {
  switch (cell.kind) {
    case 'missing':
      return 'missing ';
    case 'text':
      return cell.text;
    case 'value':
      return `${formatNumber(cell.value)} `;
    case 'interval':
      return formatInterval(cell);
    case 'estimate': {
      const half = cell.halfWidth === undefined ? 'n/a' : formatNumber(cell.halfWidth);
      return `${formatNumber(cell.mean)} ± ${half}${cell.best === true ? '*' : ' '}`;
    }
  }
}

function countSigns(text: string): number {
  return [...text].length;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, countSigns(text)), 0);
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap.length * Math.max(0, widths.length - 1);
}

function centre(text: string, width: number): string {
  const left = Math.floor((width - countSigns(text)) / 2);
  return text.padStart(countSigns(text) + Math.max(0, left)).padEnd(width);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && countSigns(last) + 1 + countSigns(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
