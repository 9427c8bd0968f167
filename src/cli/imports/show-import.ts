import { basename, extname } from 'node:path';
import { suggest } from '../../config/suggestions.js';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import { listImports, readImport } from '../../imports/store.js';
import { transferFigureNames, writeTransferFigures } from '../../reports/transfer/transfer-figures.js';
import {
  analyseImport,
  type TransferReport,
  writeTransferTables,
} from '../../reports/transfer/transfer-report.js';
import { transferTableNames } from '../../tables/transfer/index.js';
import { printNotice } from '../output/print.js';
import { printFigures, printTables } from '../output/report-study.js';

/** Whether a name is that of an import. */
export function isImport(resultsFolder: string, name: string | undefined): name is string {
  return name !== undefined && listImports(resultsFolder).includes(name);
}

/** `npm run tables -- NAME [TABLE ...]` of an import: builds its tables from what was kept of its files. */
export async function showImportTables(
  resultsFolder: string,
  name: string,
  words: readonly string[],
): Promise<ExitCode> {
  const names = words.map((word) => findName('table', word, transferTableNames));
  const report = analyseImport(await readImport(resultsFolder, name));
  const { tables, folder } = writeTransferTables(report, resultsFolder, names);
  printTables(tables, folder, { part: words.length > 0 });
  tellLacking(
    names,
    tables.map((table) => table.name),
  );
  return 0;
}

/** `npm run figures -- NAME [FIGURE ...]` of an import. */
export async function showImportFigures(
  resultsFolder: string,
  name: string,
  words: readonly string[],
): Promise<ExitCode> {
  const names = words.map((word) => findName('figure', word, transferFigureNames));
  const report = analyseImport(await readImport(resultsFolder, name));
  const { files, folder } = await writeTransferFigures(report, resultsFolder, names);
  printFigures(files, folder);
  tellLacking(
    names,
    files.map((file) => basename(file, extname(file))),
  );
  return 0;
}

/** Says what the reader should know of an analysis. */
export function tellNotes({ notes }: TransferReport): void {
  for (const note of notes) printNotice(note);
}

/** What was asked for by name and has nothing to show. */
export function tellLacking(asked: readonly string[], made: readonly string[]): void {
  const lacking = asked.filter((name) => !made.some((one) => one === name || one.startsWith(`${name}-`)));
  if (lacking.length > 0) printNotice(`Too few networks, sets or factors for ${lacking.join(', ')}.`);
}

export function findName<Name extends string>(kind: string, word: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === word);
  if (found !== undefined) return found;
  throw new HeldoutError({
    code: 'E_REPORT_CHOICE',
    message: `an import has no ${kind} '${word}'`,
    place: 'command line',
    hints: [...suggest(word, known), `${kind}s are ${known.join(', ')}`],
  });
}
