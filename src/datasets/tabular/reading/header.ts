import { HeldoutError } from '../../../core/errors.js';
import { readNumber } from '../columns/look.js';

/**
 * The column names of a file's first record. Throws HeldoutError where it looks like data, and where names repeat
 * and `repeated` does not let them be numbered (`name`, `name.2`).
 */
export function readHeader(
  cells: readonly string[],
  path: string,
  { missing, repeated }: { readonly missing: ReadonlySet<string>; readonly repeated: 'refuse' | 'number' },
): readonly string[] {
  const strange = cells.filter((cell) => missing.has(cell) || readNumber(cell) !== undefined);
  if (strange.length > 0) {
    throw new HeldoutError({
      code: 'E_DATA_HEADER',
      message: `the first line names no columns: it has ${JSON.stringify(strange[0])} among its cells`,
      place: `${path}:1`,
      hints: [
        'write the names of the columns into a first line: age,sex,hired',
        'dataset.header=[age,sex,hired] names them instead',
      ],
    });
  }
  const names = numberRepeated(cells);
  const twice = cells.filter((cell, at) => cells.indexOf(cell) !== at);
  if (twice.length === 0 || repeated === 'number') return names;
  const [first = ''] = twice;
  const columns = cells.flatMap((cell, at) => (cell === first ? [at + 1] : []));
  throw new HeldoutError({
    code: 'E_DATA_HEADER',
    message: `columns have the same name: ${[...new Set(twice)].join(', ')} (${first} stands in columns ${columns.join(' and ')})`,
    place: `${path}:1`,
    hints: ['rename one of them in the first line', `dataset.repeated=number calls the second ${first}.2`],
  });
}

function numberRepeated(cells: readonly string[]): readonly string[] {
  const taken = new Set(cells);
  return cells.map((cell, at) => {
    if (cells.indexOf(cell) === at) return cell;
    let number = 2;
    while (taken.has(`${cell}.${number}`)) number++;
    taken.add(`${cell}.${number}`);
    return `${cell}.${number}`;
  });
}
