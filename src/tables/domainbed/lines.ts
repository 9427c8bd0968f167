import type { Format } from './cell.js';

export interface ResultTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Characters to which cells are filled up, and cut. */
  readonly width: number;
}

/** A table as DomainBed's print_table prints it; a cell that is too wide loses its end there too. */
export function tableLines(table: ResultTable, format: Format): string[] {
  return format === 'latex' ? latexLines(table) : textLines(table);
}

function textLines({ title, columns, rows, width }: ResultTable): string[] {
  const line = (cells: readonly string[]) => `${cells.map((cell) => pad(cell, width)).join('  ')} `;
  return ['', `-------- ${title}`, line(columns), ...rows.map(line)];
}

function latexLines({ columns, rows, width }: ResultTable): string[] {
  const line = (cells: readonly string[]) => `${cells.map((cell) => pad(cell, width)).join(' & ')} \\\\`;
  const headers = columns.map((column) => `\\textbf{${column.replaceAll('%', '\\%')}}`);
  return [
    '',
    '\\begin{center}',
    '\\adjustbox{max width=\\textwidth}{%',
    `\\begin{tabular}{l${'c'.repeat(columns.length - 1)}}`,
    '\\toprule',
    line(headers),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}}',
    '\\end{center}',
  ];
}

function pad(cell: string, width: number): string {
  return cell.padEnd(width).slice(0, width);
}
