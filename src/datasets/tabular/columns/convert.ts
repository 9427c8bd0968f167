import { HeldoutError } from '../../../core/errors.js';
import { type Delimiter, guessDelimiter } from '../reading/delimited.js';
import { readRows } from '../reading/read-rows.js';
import type { TableLaw } from './law.js';
import { type ColumnLook, createLooker, readNumber } from './look.js';
import { createRowWriter, levelLimit, missingCode, type RowLayout, unknownCode } from './rows.js';

/** A column as it is kept. */
export interface ImportedColumn {
  readonly name: string;
  readonly stored: 'number' | 'level';
  /** Place among the columns that are stored alike. */
  readonly at: number;
  /** By code, in the order of their first row; none where it holds numbers. */
  readonly levels: readonly string[];
  /** Levels that it has beyond those of the file that decides them: the first few. */
  readonly unknown: readonly string[];
}

/** What is known of a file's columns and rows, beside the rows themselves. */
export interface Converted {
  readonly delimiter: Delimiter;
  readonly columns: readonly ImportedColumn[];
  /** All columns of the file. */
  readonly names: readonly string[];
  /** Columns that looking at them found unfit, and why. */
  readonly dropped: readonly { readonly name: string; readonly reason: string }[];
  /** Rows of the file. */
  readonly read: number;
  /** Rows that are kept. */
  readonly count: number;
  readonly sha256: string;
}

export const layOut = (columns: readonly Pick<ImportedColumn, 'stored'>[]): RowLayout => ({
  numbers: columns.filter(({ stored }) => stored === 'number').length,
  levels: columns.filter(({ stored }) => stored === 'level').length,
});

/** Levels of a second file that are told by name. */
const unknownTold = 20;

/** Reads a file and writes its rows to `to`. Where some columns are not declared, it is read twice. */
export async function convert(path: string, law: TableLaw, to: string): Promise<Converted> {
  const delimiter = law.format.delimiter === 'auto' ? guessDelimiter(path) : law.format.delimiter;
  const exact: TableLaw = { ...law, format: { ...law.format, delimiter } };
  const looks = law.others === 'look' ? await lookAtColumns(path, exact) : [];
  const check = law.check?.();
  let cells: ReturnType<typeof createCells> | undefined;
  let all: readonly string[] = [];
  try {
    const { read, sha256 } = await readRows(path, exact, (names) => {
      const writing = createCells(planColumns(names, path, law, looks), path, exact, to);
      cells = writing;
      all = names;
      const position = new Map(names.map((name, at) => [name, at]));
      return (record, line) => {
        if (check?.keep((name) => record[position.get(name)!]!) !== false) writing.write(record, line);
      };
    });
    check?.end(path);
    const { columns, count } = cells!.finish();
    const dropped = looks.flatMap(({ name, look }) =>
      look.stored === 'drop' ? [{ name, reason: look.reason }] : [],
    );
    return { delimiter, names: all, columns, dropped, read, count, sha256 };
  } finally {
    cells?.close();
  }
}

interface Looked {
  readonly name: string;
  readonly look: ColumnLook;
}

/** What the columns are that are not declared. */
async function lookAtColumns(path: string, law: TableLaw): Promise<readonly Looked[]> {
  const missing = new Set(law.missing);
  const declared = new Set(law.declared.map(({ name }) => name));
  let lookers: {
    readonly name: string;
    readonly at: number;
    readonly looker: ReturnType<typeof createLooker>;
  }[] = [];
  await readRows(path, law, (names) => {
    lookers = names.flatMap((name, at) =>
      declared.has(name) ? [] : [{ name, at, looker: createLooker(missing) }],
    );
    return (record) => {
      for (const { at, looker } of lookers) looker.see(record[at]!);
    };
  });
  return lookers.map(({ name, looker }) => ({ name, look: looker.decide() }));
}

interface PlannedColumn {
  readonly name: string;
  readonly stored: 'number' | 'level';
  /** Place of its cells in a record. */
  readonly cell: number;
}

function planColumns(
  names: readonly string[],
  path: string,
  { declared, known }: TableLaw,
  looks: readonly Looked[],
): readonly PlannedColumn[] {
  for (const { name, place } of declared) {
    if (names.includes(name)) continue;
    throw new HeldoutError({
      code: 'E_DATA_COLUMN',
      message: `${path} has no column '${name}'`,
      place,
      hints: [`its columns are ${names.slice(0, 40).join(', ')}${names.length > 40 ? ', ...' : ''}`],
    });
  }
  const kinds = new Map<string, 'number' | 'level' | 'drop'>([
    ...looks.map(({ name, look }) => [name, look.stored] as const),
    ...declared.map(({ name, stored }) => [name, stored] as const),
  ]);
  const order = known === undefined ? names : declared.map(({ name }) => name);
  return order.flatMap((name) => {
    const stored = kinds.get(name) ?? 'drop';
    return stored === 'drop' ? [] : [{ name, stored, cell: names.indexOf(name) }];
  });
}

/** Turns cells into numbers and codes, and writes them. */
function createCells(planned: readonly PlannedColumn[], path: string, law: TableLaw, to: string) {
  const missing = new Set(law.missing);
  const writer = createRowWriter(to, layOut(planned));
  const taken = { number: 0, level: 0 };
  const columns = planned.map(({ name, stored, cell }) => {
    const known = law.known?.levels[name];
    const levels = [...(known ?? [])];
    const codes = new Map(levels.map((level, code) => [level, code]));
    const tidy = law.tidy?.[name];
    return {
      name,
      stored,
      cell,
      at: taken[stored]++,
      levels,
      codes,
      tidy,
      closed: known !== undefined && law.known?.open !== true,
      unknown: new Set<string>(),
    };
  });
  type Column = (typeof columns)[number];
  const encode = (column: Column, text: string): number => {
    const { codes, levels, closed, unknown } = column;
    const code = codes.get(text);
    if (code !== undefined) return code;
    if (closed) {
      if (unknown.size < unknownTold) unknown.add(text);
      return unknownCode;
    }
    if (levels.length === levelLimit) throw tooManyLevels(column.name, path);
    codes.set(text, levels.length);
    levels.push(text);
    return levels.length - 1;
  };
  const write = (record: readonly string[], line: number): void => {
    for (const column of columns) {
      const raw = record[column.cell]!;
      const text = column.tidy?.(raw) ?? raw;
      const empty = missing.has(text);
      if (column.stored === 'level') {
        writer.setLevel(column.at, empty ? missingCode : encode(column, text));
      } else {
        const value = empty ? Number.NaN : readNumber(text);
        if (value === undefined) throw noNumber(column.name, text, path, line);
        writer.setNumber(column.at, value);
      }
    }
    writer.endRow();
  };
  const finish = () => ({
    count: writer.finish(),
    columns: columns.map(
      ({ name, stored, at, levels, unknown }): ImportedColumn => ({
        name,
        stored,
        at,
        levels,
        unknown: [...unknown],
      }),
    ),
  });
  return { write, finish, close: writer.close };
}

function tooManyLevels(name: string, path: string): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_LEVELS',
    message: `the column ${name} has more than ${levelLimit} levels`,
    place: path,
    hints: [
      `dataset.columns={${name}: drop}`,
      `dataset.columns={${name}: numeric}  (where they are numbers)`,
    ],
  });
}

function noNumber(name: string, text: string, path: string, line: number): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_NUMBER',
    message: `${name} is ${JSON.stringify(text)} on line ${line}, which is no number`,
    place: `${path}:${line}`,
    hints: [
      `dataset.columns={${name}: categorical}  takes it as it is`,
      `dataset.missing_cells=[...]  lists what stands where a value is missing`,
    ],
  });
}
