import { drawLogGamma } from './gamma.js';
import type { Stream } from './stream.js';

/**
 * A draw of Beta(`a`, `b`), both above 0: the first's part of two gamma variables. Logarithms are drawn, since a gamma
 * variable of small shape is mostly too small for a number.
 */
export function drawBeta(source: Stream, a: number, b: number): number {
  const [first, second] = [drawLogGamma(source, a), drawLogGamma(source, b)];
  return 1 / (1 + Math.exp(second - first));
}
