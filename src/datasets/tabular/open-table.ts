import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import { type DataFile, locateDataFile } from '../data-files.js';
import type { Dataset } from '../dataset.js';
import type { TableChoices, TargetChoice, VariableChoice } from './choices.js';
import { type ColumnKind, storedAs } from './columns/kinds.js';
import type { DeclaredColumn, TableLaw } from './columns/law.js';
import { type Imported, importTable } from './import.js';
import { makeTableDataset } from './make-dataset.js';

/** What every dataset of columns lets a config choose. */
export interface TableConfig {
  /** What columns are, by name; those that are not named are what the dataset takes them for. */
  readonly columns?: Readonly<Record<string, ColumnKind>> | null | undefined;
  /** Levels of the main protected column: they against all others. */
  readonly protected_positive?: string | readonly string[] | null | undefined;
  /** Whether protected columns are inputs, too; not unless given. */
  readonly use_protected?: boolean | undefined;
  /** `drop` unless given. */
  readonly missing?: 'drop' | 'level' | undefined;
  /** `error` unless given. */
  readonly unknown?: 'error' | 'zero' | undefined;
}

export interface TableParts {
  readonly name: string;
  readonly target: TargetChoice;
  readonly protected: readonly VariableChoice[];
  readonly variables?: readonly VariableChoice[];
  /** The column among these whose levels are environments. */
  readonly environment?: string;
  /** What columns are where the config does not say. */
  readonly kinds?: Readonly<Record<string, ColumnKind>>;
  /** Columns that tell who somebody is, and so are never kept. */
  readonly never?: readonly string[];
  /** Whether a second file may have levels that the first has not: both were one. */
  readonly open?: boolean;
}

/** The first file decides the levels of columns, unless both were one; a second one has the rows of the part `test`. */
export async function openTable(
  files: readonly { readonly path: string; readonly law: Omit<TableLaw, 'declared' | 'known'> }[],
  parts: TableParts,
  config: TableConfig,
): Promise<Dataset> {
  const kinds = { ...parts.kinds, ...config.columns };
  const { never = [] } = parts;
  refusePersonal(never, kinds);
  const roles = [parts.target, ...parts.protected, ...(parts.variables ?? [])];
  const declared = declareColumns(roles, kinds);
  const imported: Imported[] = [];
  for (const { path, law } of files) {
    const [first] = imported;
    imported.push(
      await importTable(
        path,
        first === undefined ? { ...law, declared } : follow(first, law, parts.open ?? false),
      ),
    );
  }
  const leftOut = declared.filter(({ stored }) => stored === 'drop').map(({ name }) => name);
  const choices: TableChoices = {
    ...{ name: parts.name, target: parts.target, protected: parts.protected },
    variables: parts.variables ?? [],
    ...(parts.environment !== undefined && { environment: parts.environment }),
    protectedPositive: config.protected_positive ?? undefined,
    useProtected: config.use_protected ?? false,
    missing: config.missing ?? 'drop',
    unknown: config.unknown ?? 'error',
    kinds,
    leftOut,
    never,
  };
  return makeTableDataset(imported, choices);
}

function refusePersonal(never: readonly string[], kinds: Readonly<Record<string, ColumnKind>>): void {
  const name = never.find((each) => (kinds[each] ?? 'drop') !== 'drop');
  if (name === undefined) return;
  throw new HeldoutError({
    code: 'E_DATA_PERSONAL',
    message: `${name} tells who somebody is: it is dropped when the file is read`,
    place: `dataset.columns.${name}`,
    hints: [`~dataset.columns.${name}`],
  });
}

/** Columns that are variables are kept by their levels, whatever else they are. */
function declareColumns(
  roles: readonly VariableChoice[],
  kinds: Readonly<Record<string, ColumnKind>>,
): readonly DeclaredColumn[] {
  const named = new Set(roles.map(({ column }) => column));
  return [
    ...roles.map(({ column, place }) => ({ name: column, stored: 'level' as const, place })),
    ...Object.entries(kinds)
      .filter(([name]) => !named.has(name))
      .map(([name, kind]) => ({ name, stored: storedAs(kind), place: `dataset.columns.${name}` })),
  ];
}

/** A second file is read as the first was: the same columns of the same kinds, and unless both were one no other levels. */
function follow(first: Imported, law: Omit<TableLaw, 'declared' | 'known'>, open: boolean): TableLaw {
  const coded = first.columns.filter(({ stored }) => stored === 'level');
  return {
    ...law,
    others: 'drop',
    declared: first.columns.map(({ name, stored }) => ({ name, stored, place: 'dataset.test_file' })),
    known: { levels: Object.fromEntries(coded.map(({ name, levels }) => [name, levels])), open },
  };
}

/** Where a known file stands. Throws HeldoutError with where to get it. */
export function findDataFile(file: DataFile, dataFolder: string): string {
  const { found } = locateDataFile(dataFolder, file);
  if (found !== undefined) return found;
  throw new HeldoutError({
    code: 'E_DATA_MISSING',
    message: `the file ${file.paths[0]} is not in ${dataFolder}`,
    place: 'dataset.name',
    hints: [
      `npm run data -- get ${file.dataset}`,
      `put it there, from ${file.source}`,
      'HELDOUT_DATA=FOLDER names another data folder',
    ],
  });
}

/** Full path of a file that a config names, from the data folder where it is relative. */
export function findNamedFile(name: string, dataFolder: string, key: string, like = 'NAME.csv'): string {
  const path = resolve(dataFolder, name);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new HeldoutError({
      code: 'E_DATA_MISSING',
      message: `${path} is a folder, not a file`,
      place: key,
      hints: [`${key}=${path}/${like} names a file in it`],
    });
  }
  if (existsSync(path)) return path;
  const here = resolve(process.env.INIT_CWD ?? '.', name);
  throw new HeldoutError({
    code: 'E_DATA_MISSING',
    message: `there is no file ${path}`,
    place: key,
    hints: [
      ...(existsSync(here) ? [`${key}=${here}`] : []),
      `put it into ${dataFolder}`,
      'HELDOUT_DATA=FOLDER names another data folder',
    ],
  });
}
