import { fillNormal } from './draw.js';
import { drawFloat53, type Stream } from './stream.js';

/** The logarithm of a gamma variable of scale 1: Marsaglia & Tsang (2000), with their step up for shapes below 1. */
export function drawLogGamma(source: Stream, shape: number): number {
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
