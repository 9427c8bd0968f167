import { HeldoutError } from '../../../core/errors.js';
import type { TableChoices } from '../choices.js';
import type { Imported } from '../import.js';
import type { ImportedColumn } from './convert.js';
import { missingCode, unknownCode } from './rows.js';

/** The rows of a file that become examples. */
export interface KeptRows {
  readonly file: Imported;
  readonly rows: Uint32Array;
  /** Of each column of levels, by name: which of its codes occur in these rows, `missingCode` and `unknownCode` among them. */
  readonly used: ReadonlyMap<string, ReadonlySet<number>>;
  /** Rows that are left out because a value is missing, and in how many of them which column lacks it. */
  readonly leftOut: number;
  readonly lacking: ReadonlyMap<string, number>;
  /** In how many of the rows that stay which column lacks a value. */
  readonly gaps: ReadonlyMap<string, number>;
}

/** Chooses rows: target and protected columns have to be known, other columns where `missing` says so. */
export function keepRows(file: Imported, choices: TableChoices): KeptRows {
  const needed = new Set([choices.target, ...choices.protected].map(({ column }) => column));
  const isMust = ({ name }: ImportedColumn) => choices.missing === 'drop' || needed.has(name);
  const must = file.columns.filter(isMust);
  const may = file.columns.filter((column) => !isMust(column));
  const { rows: store } = file;
  const isMissing = ({ stored, at }: ImportedColumn): boolean =>
    stored === 'number' ? Number.isNaN(store.number(at)) : store.level(at) === missingCode;
  const coded = file.columns.filter(({ stored }) => stored === 'level');
  const seen = coded.map(() => new Uint8Array(0x10000));
  const lacking = new Map<string, number>();
  const gaps = new Map<string, number>();
  const rows = new Uint32Array(store.count);
  let kept = 0;
  for (let row = 0; row < store.count; row++) {
    store.go(row);
    let whole = true;
    for (const column of must) {
      if (!isMissing(column)) continue;
      whole = false;
      lacking.set(column.name, (lacking.get(column.name) ?? 0) + 1);
    }
    if (!whole) continue;
    rows[kept++] = row;
    for (const column of may) {
      if (isMissing(column)) gaps.set(column.name, (gaps.get(column.name) ?? 0) + 1);
    }
    for (let at = 0; at < coded.length; at++) seen[at]![store.level(coded[at]!.at)] = 1;
  }
  if (kept === 0) throw nothingLeft(file, lacking);
  return {
    file,
    rows: rows.slice(0, kept),
    used: new Map(coded.map(({ name }, at) => [name, listCodes(seen[at]!)])),
    leftOut: store.count - kept,
    ...{ lacking, gaps },
  };
}

function listCodes(seen: Uint8Array): ReadonlySet<number> {
  const codes = new Set<number>();
  for (let code = 0; code < seen.length; code++) if (seen[code] === 1) codes.add(code);
  return codes;
}

/** Refuses levels that only a second file has, unless they are to count as none. */
export function checkUnknown({ file, used }: KeptRows, choices: TableChoices): readonly string[] {
  const found = file.columns.filter(({ name }) => used.get(name)?.has(unknownCode));
  const tell = ({ name, unknown }: ImportedColumn) => `${name} (${unknown.join(', ')})`;
  const variables = [choices.target, ...choices.protected, ...choices.variables];
  const fatal = found.filter(({ name }) => variables.some(({ column }) => column === name));
  const refused = choices.unknown === 'error' ? found : fatal;
  if (refused.length === 0) return found.map(tell);
  throw new HeldoutError({
    code: 'E_DATA_UNKNOWN',
    message: `${file.path} has levels that the first file has not: ${refused.map(tell).join('; ')}`,
    place: 'dataset.test_file',
    hints:
      fatal.length === 0
        ? [
            'dataset.unknown=zero  takes them for no level at all',
            `dataset.columns={${refused[0]!.name}: drop}`,
          ]
        : [
            `put them right in that file, or give the first file rows whose ${fatal[0]!.name} is ${fatal[0]!.unknown[0]}`,
          ],
  });
}

function nothingLeft({ path }: Imported, lacking: ReadonlyMap<string, number>): HeldoutError {
  const [worst] = [...lacking].sort(([, a], [, b]) => b - a);
  return new HeldoutError({
    code: 'E_DATA_EMPTY',
    message: `every row of ${path} lacks a value, most of them that of ${worst?.[0]}`,
    place: 'dataset.missing',
    hints: ['dataset.missing=level  keeps them', `dataset.columns={${worst?.[0]}: drop}`],
  });
}
