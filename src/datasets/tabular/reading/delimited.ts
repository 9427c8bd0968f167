import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { HeldoutError } from '../../../core/errors.js';
import { explainFileError } from '../../../core/files/file-errors.js';
import { checkText } from './utf8.js';

/** How a file is cut into cells. */
export interface DelimitedFormat {
  /** `auto`: what the first line has most of. */
  readonly delimiter: Delimiter | 'auto';
  /** Lines that begin with it are passed over. */
  readonly comment?: string | undefined;
}

export type Delimiter = ',' | ';' | '\t' | '|';

const delimiters: readonly Delimiter[] = [',', ';', '\t', '|'];
/** A record that takes more has a quote that nothing closes. */
const recordLimit = 2 ** 20;

export interface ReadText {
  readonly sha256: string;
}

/**
 * Reads a file of delimited text (RFC 4180; blanks around a cell and empty lines are dropped), record by record: no
 * more than a piece of the file is in memory. Throws HeldoutError with the line where records are not equally long,
 * quotes do not match, or the text is not UTF-8, and whatever `visit` throws.
 * @param visit Gets the cells of a record, and the line that it ends on, from 1.
 */
export async function readDelimited(
  path: string,
  { delimiter, comment }: DelimitedFormat,
  visit: (cells: readonly string[], line: number) => void,
): Promise<ReadText> {
  const separator = delimiter === 'auto' ? guessDelimiter(path) : delimiter;
  const text = checkText(path);
  const parser = parse({
    delimiter: separator,
    trim: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: recordLimit,
    ...(comment !== undefined && { comment, comment_no_infix: true }),
  });
  // Errors of every part reach the loop below.
  pipeline(createReadStream(path), text.stream, parser, () => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) visit(record, info.lines);
  } catch (error) {
    throw explain(error, path, separator);
  }
  return { sha256: text.sha256() };
}

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** What separates the cells of the first line: whichever it has most of outside of quotes; a comma where it has none. */
export function guessDelimiter(path: string): Delimiter {
  const [line = ''] = readHead(path).split(/\r?\n/);
  const bare = line.replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((each) => bare.split(each).length);
  return delimiters[counts.indexOf(Math.max(...counts))]!;
}

function readHead(path: string): string {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(65_536);
      return bytes.subarray(0, readSync(descriptor, bytes)).toString('utf8');
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
}

function explain(error: unknown, path: string, delimiter: Delimiter): unknown {
  if (!(error instanceof CsvError)) return explainFileError(error, path, 'read');
  const { lines, columns, record, records } = error as CsvError & Readonly<Record<string, unknown>>;
  const place = `${path}:${String(lines)}`;
  if (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
    const found = Array.isArray(record) ? record.length : 'another count of';
    return new HeldoutError({
      code: 'E_DATA_ROWS',
      message: `line ${String(lines)} has ${found} cells where the lines before have ${String(countOf(error, columns))}`,
      place,
      hints: [
        `cells are separated by ${nameDelimiter(delimiter)}; one that contains it stands in quotes: "a${delimiter}b"`,
        'dataset.delimiter=";" names another separator',
      ],
      cause: error,
    });
  }
  return new HeldoutError({
    code: 'E_DATA_ROWS',
    message:
      typeof records === 'number'
        ? `quotes do not match in row ${records + 1} of the file, the names of columns being row 1`
        : `quotes do not match near line ${String(lines)}`,
    place,
    hints: ['a cell with a quote in it stands in quotes, and the quote twice: "5"" pipe"'],
    cause: error,
  });
}

/** The length that the parser expected: it stands in its message alone. */
function countOf(error: CsvError, columns: unknown): unknown {
  return /expect (\d+)/.exec(error.message)?.[1] ?? columns;
}

export function nameDelimiter(delimiter: Delimiter): string {
  return { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'vertical bars' }[delimiter];
}
