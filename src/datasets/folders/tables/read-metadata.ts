import { HeldoutError } from '../../../core/errors.js';
import { dataError } from '../../readers/data-error.js';
import { usualMissing } from '../../tabular/columns/kinds.js';
import { readDelimited } from '../../tabular/reading/delimited.js';

/** A column that is asked for, and the key that asks. */
export interface WantedColumn {
  readonly column: string;
  readonly place: string;
  /** Whether a row without a value is left out; else it has the value `missing`. */
  readonly needed: boolean;
}

export interface Metadata {
  /** Cells of every row that is kept, by column. */
  readonly cells: Readonly<Record<string, readonly string[]>>;
  /** Rows that lack what is needed. */
  readonly lacking: number;
}

/**
 * Reads some columns of a table with a header. The first name may be empty, as that of pandas' row numbers is. Throws
 * HeldoutError where a column is not there, or the file is empty.
 */
export async function readMetadata(path: string, wanted: readonly WantedColumn[]): Promise<Metadata> {
  const missing = new Set(usualMissing);
  const cells: Record<string, string[]> = Object.fromEntries(wanted.map(({ column }) => [column, []]));
  let places: readonly number[] | undefined;
  let lacking = 0;
  await readDelimited(path, { delimiter: 'auto' }, (row) => {
    if (places === undefined) {
      places = findColumns(row, path, wanted);
      return;
    }
    const own = places.map((place) => row[place]!);
    if (wanted.some(({ needed }, at) => needed && missing.has(own[at]!))) {
      lacking++;
      return;
    }
    for (const [at, { column }] of wanted.entries()) {
      cells[column]!.push(missing.has(own[at]!) ? 'missing' : own[at]!);
    }
  });
  if (places === undefined) throw dataError(path, 'the file is empty');
  return { cells, lacking };
}

function findColumns(
  header: readonly string[],
  path: string,
  wanted: readonly WantedColumn[],
): readonly number[] {
  return wanted.map(({ column, place }) => {
    const at = header.indexOf(column);
    if (at !== -1) return at;
    throw new HeldoutError({
      code: 'E_DATA_COLUMN',
      message: `${path} has no column '${column}'`,
      place,
      hints: [`its columns are ${header.filter((name) => name !== '').join(', ')}`],
    });
  });
}
