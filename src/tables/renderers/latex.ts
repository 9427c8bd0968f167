import { type Cell, formatNumber, spanNeighbours, type Table } from '../table.js';

/**
 * A `table` environment in booktabs style, shrunk to the text width where it is wider: needs the packages
 * booktabs and adjustbox. The best of a column is bold.
 */
export function renderLatex(table: Table): string {
  const width = table.stub.length + table.columns.length;
  const alignment = `${'l'.repeat(table.stub.length)}${'r'.repeat(table.columns.length)}`;
  const lines = [
    '\\begin{table}',
    '\\centering',
    `\\caption{${escapeLatex(`${table.title}. ${table.caption.join(' ')}`)}}`,
    `\\label{tab:${table.name}}`,
    '\\small',
    '\\begin{adjustbox}{max width=\\textwidth}',
    `\\begin{tabular}{${alignment}}`,
    '\\toprule',
    ...headerLines(table),
    '\\midrule',
  ];
  for (const [position, [section, start, length]] of spanNeighbours(
    table.rows,
    (row) => row.section,
  ).entries()) {
    if (position > 0) lines.push('\\midrule');
    if (section !== '') lines.push(`\\multicolumn{${width}}{l}{\\emph{${escapeLatex(section)}}} \\\\`);
    const rows = table.rows.slice(start, start + length);
    for (const [offset, row] of rows.entries()) {
      if (offset > 0 && rows[offset - 1]!.ranked && !row.ranked) lines.push('\\addlinespace');
      lines.push(joinCells([...row.header.map(escapeLatex), ...row.cells.map(formatCell)]));
    }
  }
  lines.push('\\bottomrule', '\\end{tabular}', '\\end{adjustbox}', '\\end{table}');
  return `${lines.join('\n')}\n`;
}

function headerLines(table: Table): string[] {
  const labels = joinCells([...table.stub, ...table.columns.map((column) => column.label)].map(escapeLatex));
  if (table.columns.every((column) => column.group === undefined)) return [labels];
  const groups = table.stub.map(() => '');
  const rules: string[] = [];
  for (const [group, start, length] of spanNeighbours(table.columns, (column) => column.group ?? '')) {
    if (group === '') {
      for (let index = 0; index < length; index += 1) groups.push('');
      continue;
    }
    groups.push(`\\multicolumn{${length}}{c}{${escapeLatex(group)}}`);
    const first = table.stub.length + start + 1;
    rules.push(`\\cmidrule(lr){${first}-${first + length - 1}}`);
  }
  return [joinCells(groups), rules.join(' '), labels];
}

function joinCells(texts: readonly string[]): string {
  return `${texts.join(' & ')} \\\\`;
}

function formatCell(cell: Cell): string {
  switch (cell.kind) {
    case 'missing':
      return 'missing';
    case 'text':
      return escapeLatex(cell.text);
    case 'value':
      return `$${plain(cell.value)}$`;
    case 'interval':
      return `$[${plain(cell.low)}, ${plain(cell.high)}]$`;
    case 'estimate': {
      const mean = cell.best === true ? `\\mathbf{${plain(cell.mean)}}` : plain(cell.mean);
      const half = cell.halfWidth === undefined ? '\\mathrm{n/a}' : plain(cell.halfWidth);
      return `$${mean} \\pm ${half}$`;
    }
  }
}

/** In mathematics mode a hyphen is a minus sign. */
function plain(value: number): string {
  return formatNumber(value).replace('−', '-');
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '²': '$^2$',
  '−': '$-$',
  '|': '$|$',
  '<': '$<$',
  '>': '$>$',
};

/** Text as LaTeX shows it: `% & _ # $ { } ~ ^ \` and the few signs that we use beyond ASCII. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\{}~^±²−|<>%&_#$]/g, (sign) => escapes[sign] ?? `\\${sign}`);
}
