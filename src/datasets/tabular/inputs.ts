import { HeldoutError } from '../../core/errors.js';
import type { TableChoices } from './choices.js';
import type { ImportedColumn } from './columns/convert.js';
import type { KeptRows } from './columns/keep-rows.js';
import type { ColumnKind } from './columns/kinds.js';
import { orderLevels } from './columns/order-levels.js';
import { missingCode, type RowStore, unknownCode } from './columns/rows.js';

/** How a column becomes numbers of a row of inputs. */
export interface InputColumn {
  readonly name: string;
  readonly kind: Exclude<ColumnKind, 'drop'>;
  /** Numbers that it takes, and the first of them. */
  readonly width: number;
  readonly start: number;
  /** What its levels are, in order; none of a number. */
  readonly levels: readonly string[];
  write(row: RowStore, out: Float32Array, offset: number): void;
}

export interface InputLayout {
  readonly columns: readonly InputColumn[];
  readonly width: number;
  /** Places of the numbers that are to be standardised; NaN among them is a missing value. */
  readonly standardise: readonly number[];
  /** Columns that are the same in every row. */
  readonly constant: readonly string[];
}

/** The inputs that a table's columns make: all but target, environment and, unless asked for, the protected ones. */
export function layOutInputs(kept: readonly KeptRows[], choices: TableChoices): InputLayout {
  const protectedNames = choices.protected.map(({ column }) => column);
  const out = new Set([choices.target.column, ...(choices.useProtected ? [] : protectedNames)]);
  // Of an environment that training never saw, a network knows nothing to tell by its name.
  if (choices.environment !== undefined) out.add(choices.environment);
  const columns: InputColumn[] = [];
  const constant: string[] = [];
  let width = 0;
  // The last file has the levels of all.
  for (const column of kept.at(-1)!.file.columns) {
    if (out.has(column.name)) continue;
    const made =
      column.stored === 'number'
        ? takeNumber(column, choices.kinds[column.name], width)
        : takeLevels(column, kept, choices.kinds[column.name], width);
    if (made === undefined) constant.push(column.name);
    else {
      columns.push(made);
      width += made.width;
    }
  }
  if (columns.length === 0) throw nothing(constant);
  const standardise = columns.flatMap(({ kind, start }) => (kind === 'categorical' ? [] : [start]));
  return { columns, width, standardise, constant };
}

function takeNumber({ name, at }: ImportedColumn, asked: ColumnKind | undefined, start: number): InputColumn {
  const kind = asked === 'log1p' ? 'log1p' : 'numeric';
  return {
    ...{ name, kind, width: 1, start, levels: [] },
    write(row, out, offset) {
      const value = row.number(at);
      out[offset + start] = kind === 'log1p' ? Math.log1p(value) : value;
    },
  };
}

/** Undefined where all rows have one level. */
function takeLevels(
  { name, at, levels }: ImportedColumn,
  kept: readonly KeptRows[],
  asked: ColumnKind | undefined,
  start: number,
): InputColumn | undefined {
  const used = new Set(kept.flatMap((each) => [...each.used.get(name)!]));
  const lacks = kept[0]!.used.get(name)!.has(missingCode);
  const codes = orderLevels(
    levels,
    [...used].filter((code) => code !== missingCode && code !== unknownCode),
  );
  const words = codes.map((code) => levels[code]!);
  const place = new Int32Array(0x10000).fill(-1);
  for (const [level, code] of codes.entries()) place[code] = level;
  if (codes.length + (lacks ? 1 : 0) < 2) return undefined;
  if (asked === 'ordinal') {
    // What is missing comes before all levels; what is unknown becomes the train mean.
    const first = lacks ? 1 : 0;
    return {
      ...{ name, kind: 'ordinal', width: 1, start, levels: lacks ? ['missing', ...words] : words },
      write(row, out, offset) {
        const code = row.level(at);
        const level = place[code]!;
        if (level !== -1) out[offset + start] = level + first;
        else out[offset + start] = lacks && code === missingCode ? 0 : Number.NaN;
      },
    };
  }
  // A value that is missing is a level only where the first file teaches it.
  if (lacks) place[missingCode] = codes.length;
  return {
    ...{ name, kind: 'categorical', start, levels: lacks ? [...words, 'missing'] : words },
    width: codes.length + (lacks ? 1 : 0),
    write(row, out, offset) {
      const level = place[row.level(at)]!;
      if (level !== -1) out[offset + start + level] = 1;
    },
  };
}

function nothing(constant: readonly string[]): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_INPUTS',
    message: `no column is left as an input${constant.length === 0 ? '' : `: ${constant.join(', ')} have one value alone`}`,
    place: 'dataset.columns',
    hints: ['dataset.columns={NAME: categorical}  takes a column that was left out'],
  });
}
