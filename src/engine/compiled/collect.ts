import type { NamedArray, NamedArrays } from '../engine.js';

/** Lays arrays of `count` calls after each other, along a new first axis, in memory that is used again. */
export function createCollector(count: number): (at: (index: number) => NamedArrays) => NamedArrays {
  let collected: Record<string, NamedArray> | undefined;
  return (at) => {
    for (let index = 0; index < count; index++) {
      const arrays = at(index);
      collected ??= allocate(arrays, count);
      for (const name in collected) {
        const { data } = arrays[name]!;
        collected[name]!.data.set(data, index * data.length);
      }
    }
    return collected ?? {};
  };
}

function allocate(arrays: NamedArrays, count: number): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => {
      const size = count * data.length;
      const memory = data instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
      return [name, { shape: [count, ...shape], data: memory }];
    }),
  );
}
