import { renderCsv } from './renderers/csv.js';
import { renderJson } from './renderers/json.js';
import { renderLatex } from './renderers/latex.js';
import { renderMarkdown } from './renderers/markdown.js';
import { renderText } from './renderers/text.js';
import type { Table } from './table.js';

/** Renderers by file ending. */
export const renderers = {
  txt: renderText,
  md: renderMarkdown,
  csv: renderCsv,
  json: renderJson,
  tex: renderLatex,
} as const satisfies Readonly<Record<string, (table: Table) => string>>;
