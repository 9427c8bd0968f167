import type { NamedArray } from '../../../engine/engine.js';
import type { KernelOptions } from './links.js';

/** P among modules as plain numbers, `[modules, modules]`, row-major: what `linkProbabilities` gives of signatures `[modules, width]`. */
export function tabulateLinks(
  { shape, data }: NamedArray,
  bandwidth: number,
  { truncation }: KernelOptions,
): Float64Array {
  const [size, width] = shape as [number, number];
  const norms = Array.from({ length: size }, (_, row) => Math.sqrt(dot(data, row, row, width)));
  const table = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const distance = a === b ? 0 : 1 - dot(data, a, b, width) / Math.max(norms[a]! * norms[b]!, 1e-16);
      const isFar = truncation !== null && distance > truncation;
      table[a * size + b] = isFar ? 0 : Math.exp(-distance / bandwidth);
      table[b * size + a] = table[a * size + b]!;
    }
  }
  return table;
}

function dot(rows: ArrayLike<number>, a: number, b: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += rows[a * width + i]! * rows[b * width + i]!;
  return sum;
}
