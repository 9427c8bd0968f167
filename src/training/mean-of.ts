import type { NamedArray, NamedArrays } from '../engine/engine.js';

/** The mean of so many lots of arrays of the same names and shapes, summed in float64; each is asked for once, in order. */
export function meanOf(count: number, read: (at: number) => NamedArrays): NamedArrays {
  const sums = new Map<string, { readonly shape: NamedArray['shape']; readonly sum: Float64Array }>();
  for (let at = 0; at < count; at++) {
    for (const [name, { shape, data }] of Object.entries(read(at))) {
      const known = sums.get(name) ?? { shape, sum: new Float64Array(data.length) };
      sums.set(name, known);
      for (let place = 0; place < data.length; place++) known.sum[place]! += data[place]!;
    }
  }
  return Object.fromEntries(
    [...sums].map(([name, { shape, sum }]) => [
      name,
      { shape, data: Float32Array.from(sum, (value) => value / count) },
    ]),
  );
}
