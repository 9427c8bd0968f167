import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { explainFileError } from '../../../core/files/file-errors.js';
import { dataError } from '../../readers/data-error.js';
import { readDelimited } from '../../tabular/reading/delimited.js';
import { readHeader } from '../../tabular/reading/header.js';

/** Gets the names of the columns, then the cells of every row. */
export interface AttributeVisitor {
  begin(names: readonly string[]): void;
  row(cells: readonly string[]): void;
}

/**
 * Reads a table of attributes, row by row: delimited text whose first line names its columns, or CelebA's
 * list_attr_celeba.txt, whose first line counts the images and whose second one names the attributes, of which each
 * image has -1 or 1. Throws HeldoutError where it is neither.
 */
export async function readAttributes(path: string, visitor: AttributeVisitor): Promise<void> {
  if (await isCounted(path)) return readCounted(path, visitor);
  let begun = false;
  await readDelimited(path, { delimiter: 'auto' }, (cells) => {
    if (begun) return visitor.row(cells);
    begun = true;
    visitor.begin(readHeader(cells, path, { missing: new Set(['']), repeated: 'number' }));
  });
  if (!begun) throw dataError(path, 'the file is empty');
}

/** The column of a list without a header for it. */
const imageColumn = 'image';

async function isCounted(path: string): Promise<boolean> {
  for await (const line of readLines(path)) return /^\s*\d+\s*$/.test(line);
  return false;
}

async function readCounted(path: string, visitor: AttributeVisitor): Promise<void> {
  let promised = 0;
  let width = 0;
  let number = 0;
  let rows = 0;
  for await (const line of readLines(path)) {
    number++;
    const cells = line.split(/\s+/).filter((cell) => cell !== '');
    if (number === 1) promised = Number(cells[0]);
    else if (number === 2) {
      width = cells.length + 1;
      visitor.begin([imageColumn, ...cells]);
    } else if (cells.length > 0) {
      if (cells.length !== width) {
        throw dataError(`${path}:${number}`, `an image has ${cells.length - 1} attributes, not ${width - 1}`);
      }
      rows++;
      visitor.row(cells);
    }
  }
  if (rows === promised) return;
  throw dataError(path, `the first line promises ${promised} images, and there are ${rows}`);
}

async function* readLines(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path);
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw explainFileError(error, path, 'read');
  } finally {
    stream.destroy();
  }
}
