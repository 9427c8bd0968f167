import { fillNormal } from './draw.js';
import { drawFloat53, type Stream } from './stream.js';

/**
 * A draw of Beta(`a`, `b`), both above 0: the first's part of two gamma variables. Logarithms are drawn, since a gamma
 * variable of small shape is mostly too small for a number.
 */
export function drawBeta(source: Stream, a: number, b: number): number {
  const [first, second] = [drawLogGamma(source, a), drawLogGamma(source, b)];
  return 1 / (1 + Math.exp(second - first));
}

/** The logarithm of a gamma variable of scale 1: Marsaglia & Tsang (2000), with their step up for shapes below 1. */
function drawLogGamma(source: Stream, shape: number): number {
  if (shape < 1) return drawLogGamma(source, shape + 1) + Math.log(1 - drawFloat53(source)) / shape;
  const d = shape - 1 / 3;
  const normal = new Float32Array(1);
  for (;;) {
    const x = fillNormal(source, normal)[0]!;
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    const u = 1 - drawFloat53(source);
    if (v > 0 && Math.log(u) < (x * x) / 2 + d * (1 - v + Math.log(v))) return Math.log(d * v);
  }
}
