import type { NamedArray } from '../../engine.js';
import type { ResidentData } from '../../resident.js';
import type { StoreNames } from './store-nodes.js';
import { readWords, wordsOf } from './words.js';

/** Feeds arrays to nodes and runs others. */
export type Prepare = (
  inputs: readonly string[],
  outputs: readonly string[],
) => (arrays: readonly NamedArray[]) => unknown;

/** At a time: no second copy of all data is made on the way to the device. */
const chunkBytes = 32e6;

/** Loads all rows of the sources, one source after the other, in place of what was there. */
export function loadRows(
  { sizes, made, writes }: StoreNames,
  sources: readonly Pick<ResidentData, 'arrays' | 'examples'>[],
  prepare: Prepare,
): void {
  const rows = sources.reduce((sum, { examples }) => sum + examples, 0);
  const [first] = sources;
  const names = Object.keys(sizes);
  const shapes = names.map((name) => vector(Int32Array.of(rows, wordsOf(first!.arrays[name]!))));
  prepare(Object.values(sizes), [made])(shapes);
  for (const name of names) {
    const { rows: at, words, written } = writes[name]!;
    const write = prepare([at, words], [written]);
    let next = 0;
    for (const { arrays, examples } of sources) {
      const stored = arrays[name]!;
      const width = wordsOf(stored);
      const most = Math.max(1, Math.floor(chunkBytes / (4 * width)));
      for (let start = 0; start < examples; start += most) {
        const count = Math.min(most, examples - start);
        const numbers = Int32Array.from({ length: count }, (_, row) => next + row);
        write([vector(numbers), { shape: [count, width], data: readWords(stored, start, count) }]);
        next += count;
      }
    }
  }
}

function vector(data: Int32Array): NamedArray {
  return { shape: [data.length], data };
}
