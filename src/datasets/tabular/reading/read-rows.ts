import { HeldoutError } from '../../../core/errors.js';
import type { TableLaw } from '../columns/law.js';
import { readDelimited } from './delimited.js';
import { readHeader } from './header.js';

/** What becomes of a record: its cells, and the line that it ends on. */
export type Visit = (cells: readonly string[], line: number) => void;

/**
 * Reads the rows of a file. `begin` gets the names of its columns and says what becomes of each row. Throws
 * HeldoutError where there are none.
 */
export async function readRows(
  path: string,
  law: TableLaw,
  begin: (names: readonly string[]) => Visit,
): Promise<{ readonly read: number; readonly sha256: string }> {
  const missing = new Set(law.missing);
  let visit: Visit | undefined;
  let read = 0;
  const { sha256 } = await readDelimited(path, law.format, (cells, line) => {
    if (visit === undefined) {
      const { header, repeated } = law;
      if (header !== undefined && header.length !== cells.length)
        throw otherWidth(path, cells.length, header);
      visit = begin(header ?? readHeader(cells, path, { missing, repeated }));
      if (header === undefined) return;
    }
    read++;
    visit(cells, line);
  });
  if (read === 0) throw empty(path, visit === undefined);
  return { read, sha256 };
}

function otherWidth(path: string, found: number, header: readonly string[]): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_HEADER',
    message: `the rows have ${found} cells, and ${header.length} columns are named: ${header.join(', ')}`,
    place: path,
    hints: ['is it another file, or another separator?'],
  });
}

function empty(path: string, nothing: boolean): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_EMPTY',
    message: nothing ? 'the file is empty' : 'the file names columns, but has no rows',
    place: path,
    hints: ['save it again, or name another one with dataset.file=FILE'],
  });
}
