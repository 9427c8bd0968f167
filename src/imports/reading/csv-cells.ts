import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { HeldoutError } from '../../core/errors.js';
import { explainFileError } from '../../core/files/file-errors.js';
import { guessDelimiter, nameDelimiter } from '../../datasets/tabular/reading/delimited.js';
import { checkText } from '../../datasets/tabular/reading/utf8.js';
import type { Cells, OpenTable, ReadTable } from './cells.js';
import { parseNumber } from './parse-number.js';

const newline = 0x0a;
const quote = 0x22;
const piece = 2 ** 20;
/** A record that takes more has a quote that nothing closes. */
const recordLimit = 2 ** 22;

/**
 * Reads delimited text with a header (RFC 4180) row by row, a piece of the file in memory. Numbers are read from the bytes:
 * a file of predictions is numbers, and a parser that makes a text of each takes six times as long. Throws HeldoutError with
 * file and line where rows are not equally long, a quote does not match or the text is not UTF-8, and whatever `open` or
 * what it returns throws; rows are named by their line.
 */
export async function readCsv(path: string, open: OpenTable): Promise<ReadTable> {
  const delimiter = guessDelimiter(path);
  const splitter = new Splitter(path, delimiter);
  const text = checkText(path);
  pipeline(createReadStream(path, { highWaterMark: piece }), text.stream, () => undefined);
  let visit: ReturnType<OpenTable> | undefined;
  let rows = 0;
  const take = (line: number) => {
    if (visit === undefined) {
      visit = open(Array.from({ length: splitter.count }, (_, column) => splitter.text(column)));
      splitter.expect(splitter.count);
    } else {
      visit(splitter, line);
      rows += 1;
    }
  };
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of text.stream as AsyncIterable<Buffer>) {
      rest = splitter.split(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), take);
      if (rest.length > recordLimit) throw splitter.refuseQuote();
    }
    if (rest.length > 0) {
      rest = splitter.split(Buffer.concat([rest, Buffer.of(newline)]), take);
      if (rest.length > 0) throw splitter.refuseQuote();
    }
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
  if (visit === undefined) throw refuse(path, 1, 'the file is empty', []);
  return { sha256: text.sha256(), rows };
}

/** Finds the cells of each record in a buffer, and reads those of the last one. */
class Splitter implements Cells {
  count = 0;
  private bytes: Buffer = Buffer.alloc(0);
  private starts = new Int32Array(64);
  private ends = new Int32Array(64);
  private quoted = new Uint8Array(64);
  private expected: number | undefined;
  private line = 1;
  private readonly separator: number;
  /** Text of the cell of each column that was read last, by its bytes: most repeat from row to row. */
  private readonly known: { bytes: Buffer; text: string }[] = [];

  constructor(
    private readonly path: string,
    private readonly delimiter: ReturnType<typeof guessDelimiter>,
  ) {
    this.separator = delimiter.charCodeAt(0);
  }

  expect(columns: number): void {
    this.expected = columns;
  }

  /** Visits every whole record; returns what is left of the buffer. */
  split(bytes: Buffer, take: (line: number) => void): Buffer {
    this.bytes = bytes;
    let start = 0;
    for (;;) {
      const end = this.findRecord(start);
      if (end === undefined) return bytes.subarray(start);
      const blank = this.count === 1 && this.ends[0] === this.starts[0] && this.quoted[0] === 0;
      if (!blank) {
        if (this.expected !== undefined && this.count !== this.expected) throw this.refuseLength();
        take(this.line);
      }
      this.line += this.lines + 1;
      start = end + 1;
    }
  }

  /** Newlines within the quotes of the record. */
  private lines = 0;

  /** Where the newline is that ends the record; undefined where it does not end in the buffer. */
  private findRecord(from: number): number | undefined {
    const { bytes, separator } = this;
    let [at, start] = [from, from];
    this.count = 0;
    this.lines = 0;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === quote && at === start) {
        const close = this.findClosing(at);
        if (close === undefined) return undefined;
        this.add(at + 1, close, 1);
        at = close + 1;
        if (at >= bytes.length) return undefined;
        if (bytes[at] !== separator && bytes[at] !== newline) throw this.refuseQuote();
        start = at + 1;
        if (bytes[at] === newline) return at;
      } else if (byte === separator) {
        this.add(start, at, 0);
        start = at + 1;
      } else if (byte === newline) {
        this.add(start, at, 0);
        return at;
      }
    }
    return undefined;
  }

  private findClosing(open: number): number | undefined {
    const { bytes } = this;
    for (let at = open + 1; at < bytes.length; at++) {
      if (bytes[at] === newline) this.lines += 1;
      if (bytes[at] !== quote) continue;
      if (at + 1 === bytes.length) return undefined;
      if (bytes[at + 1] !== quote) return at;
      at += 1;
    }
    return undefined;
  }

  private add(start: number, end: number, quoted: 0 | 1): void {
    if (this.count === this.starts.length) {
      this.starts = Int32Array.from({ length: 2 * this.count }, (_, at) => this.starts[at] ?? 0);
      this.ends = Int32Array.from({ length: 2 * this.count }, (_, at) => this.ends[at] ?? 0);
      this.quoted = Uint8Array.from({ length: 2 * this.count }, (_, at) => this.quoted[at] ?? 0);
    }
    let [first, last] = [start, end];
    if (quoted === 0) {
      while (first < last && isBlank(this.bytes[first]!)) first += 1;
      while (last > first && isBlank(this.bytes[last - 1]!)) last -= 1;
    }
    this.starts[this.count] = first;
    this.ends[this.count] = last;
    this.quoted[this.count] = quoted;
    this.count += 1;
  }

  text(column: number): string {
    const [start, end] = [this.starts[column]!, this.ends[column]!];
    const known = this.known[column];
    if (known !== undefined && this.repeats(known.bytes, start, end)) return known.text;
    const raw = this.bytes.toString('utf8', start, end);
    const text = this.quoted[column] === 1 ? raw.replaceAll('""', '"').trim() : raw;
    this.known[column] = { bytes: Buffer.from(this.bytes.subarray(start, end)), text };
    return text;
  }

  private repeats(known: Buffer, start: number, end: number): boolean {
    if (known.length !== end - start) return false;
    for (let at = 0; at < known.length; at++) if (known[at] !== this.bytes[start + at]) return false;
    return true;
  }

  number(column: number): number {
    return parseNumber(this.bytes, this.starts[column]!, this.ends[column]!);
  }

  refuseQuote(): HeldoutError {
    return refuse(this.path, this.line, 'quotes do not match in this row', [
      'a cell with a quote in it stands in quotes, and the quote twice: "5"" pipe"',
    ]);
  }

  private refuseLength(): HeldoutError {
    return refuse(
      this.path,
      this.line,
      `the row has ${this.count} cells where the header has ${this.expected}`,
      [
        `cells are separated by ${nameDelimiter(this.delimiter)}; one that contains it stands in quotes: "a${this.delimiter}b"`,
      ],
    );
  }
}

const isBlank = (byte: number) => byte === 0x20 || byte === 0x09;

function refuse(path: string, line: number, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_IMPORT_ROWS', message, place: `${path}:${line}`, hints });
}
