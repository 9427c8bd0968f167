import { closeSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dataError } from '../../readers/data-error.js';

/** The columns of a row as they are kept: doubles, then 16-bit level codes, filled up to whole doubles. */
export interface RowLayout {
  readonly numbers: number;
  readonly levels: number;
}

/** The code of a cell without a value. */
export const missingCode = 0xffff;
/** The code of a level that the file which decided the levels has not. */
export const unknownCode = 0xfffe;
/** Levels that a column can have. */
export const levelLimit = 0xfffe;

/** The rows of a table, one at a time. */
export interface RowStore {
  readonly count: number;
  /** Else they are read from the file as they are asked for. */
  readonly inMemory: boolean;
  /** Goes to a row, of which `number` and `level` then speak. Rows in ascending order are read fastest. */
  go(row: number): void;
  /** NaN where the cell is missing. */
  number(at: number): number;
  level(at: number): number;
}

export const bytesPerRow = ({ numbers, levels }: RowLayout): number => 8 * (numbers + Math.ceil(levels / 4));

/** Rows that take no more than this are read into memory; of others each is read when it is asked for. */
const memoryLimit = 512 * 2 ** 20;
/** Rows that are read together where they are asked for in order. */
const ahead = 4096;

/** Writes rows to a new file, a megabyte at a time. */
export function createRowWriter(path: string, layout: RowLayout) {
  const size = bytesPerRow(layout);
  const perBlock = Math.max(1, Math.floor(2 ** 20 / size));
  const block = new ArrayBuffer(perBlock * size);
  const numbers = new Float64Array(block);
  const levels = new Uint16Array(block);
  const descriptor = openSync(path, 'w');
  let filled = 0;
  let count = 0;
  const flush = (): void => {
    const bytes = new Uint8Array(block, 0, filled * size);
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    filled = 0;
  };
  return {
    setNumber(at: number, value: number): void {
      numbers[(filled * size) / 8 + at] = value;
    },
    setLevel(at: number, code: number): void {
      levels[(filled * size) / 2 + 4 * layout.numbers + at] = code;
    },
    /** The row is whole: what is set next belongs to the next. */
    endRow(): void {
      count++;
      if (++filled === perBlock) flush();
    },
    /** Writes what is left, and says how many rows the file has. */
    finish(): number {
      flush();
      fsyncSync(descriptor);
      return count;
    },
    close: (): void => closeSync(descriptor),
  };
}

/** Opens a file of rows, which stays open as long as the process lives where it is too large for memory. */
export function openRows(path: string, layout: RowLayout, count: number): RowStore {
  const size = bytesPerRow(layout);
  const whole = statSync(path).size <= memoryLimit;
  const descriptor = openSync(path, 'r');
  const held = new ArrayBuffer((whole ? count : Math.min(count, ahead)) * size);
  const numbers = new Float64Array(held);
  const levels = new Uint16Array(held);
  /** Rows from..until − 1 are held. */
  let [from, until] = [0, 0];
  let row = 0;
  const hold = (first: number, rows: number): void => {
    const bytes = new Uint8Array(held, 0, rows * size);
    for (let done = 0; done < bytes.length; ) {
      const found = readSync(descriptor, bytes, done, bytes.length - done, first * size + done);
      if (found === 0) throw dataError(path, 'the cache of a table is cut off: remove it');
      done += found;
    }
    [from, until] = [first, first + rows];
  };
  if (whole) {
    try {
      hold(0, count);
    } finally {
      closeSync(descriptor);
    }
  }
  return {
    count,
    inMemory: whole,
    go(wanted) {
      if (!(wanted >= 0 && wanted < count)) throw new RangeError(`no row ${wanted} among ${count}`);
      if (wanted < from || wanted >= until)
        hold(wanted, wanted === until ? Math.min(ahead, count - wanted) : 1);
      row = wanted - from;
    },
    number: (at) => numbers[(row * size) / 8 + at]!,
    level: (at) => levels[(row * size) / 2 + 4 * layout.numbers + at]!,
  };
}
