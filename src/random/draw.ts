import { drawBelow, drawFloat24, type Stream } from './stream.js';

/** Fills with uniform numbers in [low, high]; `high` itself comes up only by float32 rounding. */
export function fillUniform(source: Stream, out: Float32Array, low = 0, high = 1): Float32Array {
  for (let i = 0; i < out.length; i++) out[i] = low + (high - low) * drawFloat24(source);
  return out;
}

/**
 * Fills with normally distributed numbers of mean zero (Box and Muller); those beyond `limit` deviations, if it is
 * given, are drawn again.
 */
export function fillNormal(
  source: Stream,
  out: Float32Array,
  deviation = 1,
  limit = Number.POSITIVE_INFINITY,
): Float32Array {
  for (let i = 0; i < out.length; ) {
    // Never zero, whose logarithm is infinite.
    const radius = Math.sqrt(-2 * Math.log(1 - drawFloat24(source)));
    const angle = 2 * Math.PI * drawFloat24(source);
    for (const value of [radius * Math.cos(angle), radius * Math.sin(angle)]) {
      if (Math.abs(value) <= limit && i < out.length) out[i++] = deviation * value;
    }
  }
  return out;
}

interface Swappable<T> {
  readonly length: number;
  [index: number]: T;
}

/** Shuffles in place (Fisher and Yates, from the end) and returns the same array. */
export function shuffle<T, A extends Swappable<T>>(source: Stream, array: A & Swappable<T>): A {
  for (let i = array.length - 1; i > 0; i--) swap(array, i, drawBelow(source, i + 1));
  return array;
}

/** `count` different integers of 0 .. size − 1, in the order drawn. */
export function choose(source: Stream, size: number, count: number): Uint32Array {
  if (count > size) throw new RangeError(`cannot choose ${count} of ${size} without replacement`);
  const pool = countUp(size);
  for (let i = 0; i < count; i++) swap(pool, i, i + drawBelow(source, size - i));
  return pool.slice(0, count);
}

/** 0, 1, .. size − 1. */
export function countUp(size: number): Uint32Array {
  const numbers = new Uint32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = i;
  return numbers;
}

function swap<T>(array: Swappable<T>, i: number, j: number): void {
  const kept = array[i]!;
  array[i] = array[j]!;
  array[j] = kept;
}
