import { sizeOf } from '../../../core/numbers/shape.js';
import type { ResidentData, StoredArray, StoredForm } from '../../resident.js';

/** How many numbers one byte stands for. */
export function numbersPerByte({ values }: Exclude<StoredForm, string>): number {
  return values.length / 256;
}

/** 32-bit words that hold one row. */
export function wordsOf({ shape, form }: Pick<StoredArray, 'shape' | 'form'>): number {
  const numbers = sizeOf(shape);
  return typeof form === 'string' ? numbers : Math.ceil(numbers / numbersPerByte(form) / 4);
}

export function bytesOf({ arrays, examples }: ResidentData): number {
  return Object.values(arrays).reduce((sum, stored) => sum + 4 * wordsOf(stored) * examples, 0);
}

/** Rows as words, without a copy where their bytes fill the words. */
export function readWords(stored: StoredArray, start: number, count: number): Int32Array {
  const rows = stored.read(start, count);
  const width = 4 * wordsOf(stored);
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  const own = bytes.length / count;
  if (own === width && rows.byteOffset % 4 === 0) {
    return new Int32Array(rows.buffer, rows.byteOffset, bytes.length / 4);
  }
  const padded = new Uint8Array(width * count);
  for (let row = 0; row < count; row++) {
    padded.set(bytes.subarray(row * own, (row + 1) * own), row * width);
  }
  return new Int32Array(padded.buffer);
}
