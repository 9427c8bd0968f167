import { sizeOf } from '../../core/numbers/shape.js';
import type { NamedArray, NamedArrays } from '../engine.js';
import type { ResidentData, StoredArray, StoredForm } from '../resident.js';
import { randomValues } from './backends.js';

/** Random rows in a form, and the numbers that they stand for. */
function drawArray(
  shape: readonly number[],
  form: StoredForm,
  examples: number,
  seed: number,
): { readonly stored: StoredArray; readonly numbers: Float32Array | Int32Array } {
  const width = sizeOf(shape);
  const draw = (count: number, most: number) =>
    randomValues(count, seed).map((value) => Math.abs(Math.floor(value * 1000)) % most);
  if (typeof form === 'string') {
    const numbers =
      form === 'int32'
        ? Int32Array.from(draw(examples * width, 2))
        : Float32Array.from(randomValues(examples * width, seed), (value) => value / 4);
    const read = (start: number, count: number) => numbers.slice(start * width, (start + count) * width);
    return { stored: { shape, form, read }, numbers };
  }
  const each = form.values.length / 256;
  const bytes = Uint8Array.from(draw((examples * width) / each, 256));
  const own = width / each;
  const numbers = Float32Array.from({ length: examples * width }, (_, at) => {
    return form.values[bytes[Math.floor(at / each)]! * each + (at % each)]!;
  });
  const read = (start: number, count: number) => bytes.slice(start * own, (start + count) * own);
  return { stored: { shape, form, read }, numbers };
}

export interface DrawnData {
  readonly data: ResidentData;
  /** The batch that these rows make. */
  batch(rows: ArrayLike<number>): NamedArrays;
}

/** Random examples that a device can hold, and batches of them as they are fed. */
export function drawResident(
  arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly form: StoredForm }>>,
  examples: number,
  seed = 1,
): DrawnData {
  const drawn = Object.entries(arrays).map(
    ([name, { shape, form }], index) => [name, drawArray(shape, form, examples, seed + index)] as const,
  );
  return {
    data: {
      key: `drawn ${seed}`,
      examples,
      arrays: Object.fromEntries(drawn.map(([name, { stored }]) => [name, stored])),
    },
    batch(rows) {
      const entries = drawn.map(([name, { stored, numbers }]): [string, NamedArray] => {
        const width = sizeOf(stored.shape);
        const data = numbers.slice(0, rows.length * width);
        for (let row = 0; row < rows.length; row++) {
          data.set(numbers.subarray(rows[row]! * width, (rows[row]! + 1) * width), row * width);
        }
        return [name, { shape: [rows.length, ...stored.shape], data }];
      });
      return Object.fromEntries(entries);
    },
  };
}

/** A pixel's value as hosts scale it. */
export const pixelValues = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
/** Eight pixels of a byte, the lowest bit first. */
export const bitValues = Float32Array.from({ length: 2048 }, (_, at) => ((at >> 3) >> (at & 7)) & 1);
