import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { HeldoutError } from '../../../core/errors.js';

/** A file's text as it streams by, and its hash once it has. */
export interface CheckedText {
  /** Passes UTF-8 on without its byte order mark, with lines that end as on Unix; fails with a HeldoutError at the first byte that is none. */
  readonly stream: Transform;
  /** SHA-256 of the whole file, once the stream has ended. */
  sha256(): string;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const mark = Buffer.of(0xef, 0xbb, 0xbf);

/** Checks the bytes of a text file on their way. Holds no more than one piece of it. */
export function checkText(path: string): CheckedText {
  const hash = createHash('sha256');
  /** The beginning of a character, or of the end of a line, whose other bytes come with the next piece. */
  let rest = Buffer.alloc(0);
  let seen = 0;
  let line = 1;
  const stream = new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece);
      const first = seen === 0;
      const start = seen - rest.length;
      seen += piece.length;
      let text = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      if (first && isUtf16(text)) return done(refuseUtf16(path));
      const end = text.length - openBytes(text);
      rest = Buffer.from(text.subarray(end));
      text = text.subarray(0, end);
      if (!isUtf8(text)) return done(refuse(path, text, start, line));
      line += countNewlines(text, text.length);
      done(null, unifyLines(first && text.subarray(0, 3).equals(mark) ? text.subarray(3) : text));
    },
    flush(done) {
      done(
        rest.length === 0 || rest[0] === carriageReturn ? null : refuse(path, rest, seen - rest.length, line),
      );
    },
  });
  return { stream, sha256: () => hash.digest('hex') };
}

/** A byte order mark of UTF-16, or zeros where text in Latin letters would have them in it. */
function isUtf16(text: Buffer): boolean {
  const [first, second] = text;
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || text.includes(0);
}

/** So that whoever counts lines counts each once. */
function unifyLines(text: Buffer): Buffer {
  if (!text.includes('\r\n')) return text;
  return Buffer.from(text.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** How many bytes at the end begin what is not whole. */
function openBytes(text: Buffer): number {
  if (text.at(-1) === carriageReturn) return 1;
  for (let back = 1; back <= Math.min(3, text.length); back++) {
    const byte = text[text.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return charLength(byte) > back ? back : 0;
  }
  return 0;
}

const charLength = (lead: number) => (lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);

/** Index of the first byte with which no character begins. */
function findInvalid(text: Buffer): number {
  let at = 0;
  while (at < text.length) {
    const length = charLength(text[at]!);
    if (at + length > text.length || !isUtf8(text.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}

function countNewlines(text: Buffer, end: number): number {
  let count = 0;
  for (let at = text.indexOf(newline); at !== -1 && at < end; at = text.indexOf(newline, at + 1)) count++;
  return count;
}

function refuse(path: string, text: Buffer, start: number, line: number): HeldoutError {
  const at = findInvalid(text);
  const byte = (text[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  const where = `line ${line + countNewlines(text, at)}, byte ${start + at} of the file`;
  return new HeldoutError({
    code: 'E_DATA_ENCODING',
    message: `the file is not UTF-8: 0x${byte} at ${where} begins no character`,
    place: path,
    hints: [
      `iconv -f WINDOWS-1252 -t UTF-8 '${path}' > utf8.csv  (where it was saved by a spreadsheet in Western Europe)`,
      'save it as "CSV UTF-8", and name the new file',
    ],
    exitCode: 2,
  });
}

function refuseUtf16(path: string): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_ENCODING',
    message: 'the file is UTF-16 or no text at all; text in UTF-8 is read',
    place: path,
    hints: [`iconv -f UTF-16 -t UTF-8 '${path}' > utf8.csv`, 'save it as "CSV UTF-8", and name the new file'],
    exitCode: 2,
  });
}
