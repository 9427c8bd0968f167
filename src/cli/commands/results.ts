import { relative, resolve } from 'node:path';
import { type ExitCode, HeldoutError } from '../../core/errors.js';
import { projectRoot } from '../../core/files/paths.js';
import { countOf } from '../../core/text.js';
import { readPredictionFiles } from '../../imports/read-predictions.js';
import { importsFolder, listImports, readImport, writeImport } from '../../imports/store.js';
import { writeTransferFigures } from '../../reports/transfer/transfer-figures.js';
import { analyseImport, writeTransferTables } from '../../reports/transfer/transfer-report.js';
import type { Arguments } from '../arguments/arguments.js';
import { composeArguments } from '../compose.js';
import { readImportOptions } from '../imports/import-options.js';
import { refuseNameOfStudy } from '../imports/refuse-name.js';
import { tellNotes } from '../imports/show-import.js';
import { print } from '../output/print.js';
import { printFigures, printTables } from '../output/report-study.js';
import { resultsFolder } from '../output/results.js';

/**
 * `npm run results [-- list]`, `npm run results -- import FILE ...`: predictions of others, analysed as our own;
 * `npm run results -- export STUDY`: ours as another program has them.
 */
export async function manageResults(args: Arguments): Promise<ExitCode> {
  const [verb, ...words] = args.words;
  if (verb === 'import') return importPredictions(args, words);
  if (verb === 'export') return (await import('./layouts/export.js')).exportStudy(args, words);
  if (verb === undefined || verb === 'list' || verb.startsWith('paths.')) {
    return showImports(
      resultsFolder(composeArguments(args, verb?.startsWith('paths.') ? args.words : words)),
    );
  }
  throw new HeldoutError({
    code: 'E_USAGE_COMMAND',
    message: `there is no 'results ${verb}'`,
    place: 'command line',
    hints: [
      'npm run results -- import predictions.csv',
      'npm run results -- export STUDY to=FOLDER --layout domainbed',
      'npm run results -- list',
    ],
  });
}

async function importPredictions(args: Arguments, words: readonly string[]): Promise<ExitCode> {
  const { name, choice, files, overrides } = readImportOptions(words);
  const results = resultsFolder(composeArguments(args, overrides));
  refuseNameOfStudy(results, name);
  // Files that the user types start where the user is.
  const from = process.env.INIT_CWD ?? process.cwd();
  const imported = await readPredictionFiles(files.map((file) => relative('', resolve(from, file)) || file));
  const stored = { name, choice, imported };
  const report = analyseImport(stored);
  const folder = await writeImport(results, stored);
  const rows = imported.files.reduce((sum, file) => sum + file.rows, 0);
  const sets = imported.sets.filter(({ variant }) => variant === '');
  print(
    `${countOf(rows, 'prediction')} of ${countOf(imported.networks.length, 'model')} on ${countOf(sets.length, 'dataset')}, kept in ${shorten(folder)}`,
  );
  tellNotes(report);
  const { tables, folder: tablesFolder } = writeTransferTables(report, results);
  printTables(tables, tablesFolder);
  const { files: drawn, folder: figuresFolder } = await writeTransferFigures(report, results);
  printFigures(drawn, figuresFolder);
  return 0;
}

async function showImports(results: string): Promise<ExitCode> {
  const names = listImports(results);
  for (const name of names) {
    const { imported } = await readImport(results, name);
    const files = imported.files.map(({ path }) => path).join(', ');
    const [models, datasets] = [imported.networks.length, imported.sets.length];
    print(`${name}  ${countOf(models, 'model')}, ${countOf(datasets, 'dataset')}, from ${files}`);
  }
  print(
    names.length === 0
      ? `Nothing was imported into ${shorten(importsFolder(results))} yet.\n  → npm run results -- import predictions.csv`
      : '\nnpm run tables -- NAME, npm run figures -- NAME: their tables and figures',
  );
  return 0;
}

function shorten(path: string): string {
  const short = relative(projectRoot(), path);
  return short.startsWith('..') ? path : short;
}
