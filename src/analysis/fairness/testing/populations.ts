import { drawFloat24, type Stream, stream } from '../../../random/stream.js';
import type { HeadRule, HeadScores } from '../decisions.js';
import { describePeople, type People } from '../people.js';

/** People with the outputs of two heads, drawn from a population that is known exactly. */
export interface Drawn {
  readonly heads: HeadScores;
  readonly people: People;
}

/** Group 1 has the share `share`; f ~ N(±shift, 1), g ~ N(a, blur²) independently, and y is 1 with probability σ(2 f). */
export interface Population {
  readonly share: number;
  readonly shift: number;
  readonly blur: number;
}

export const usualPopulation: Population = { share: 0.4, shift: 0.5, blur: 0.3 };

/** Draws people; equal seeds draw equal people. Every group and label is there when `count` is not tiny. */
export function drawPeople(count: number, seed: number, population = usualPopulation): Drawn {
  const source = stream(seed, 'fairness-population');
  const [f, g] = [new Float64Array(count), new Float64Array(count)];
  const [y, a] = [new Uint8Array(count), new Uint8Array(count)];
  for (let i = 0; i < count; i++) {
    a[i] = drawFloat24(source) < population.share ? 1 : 0;
    f[i] = (a[i] === 1 ? population.shift : -population.shift) + drawNormal(source);
    g[i] = a[i]! + population.blur * drawNormal(source);
    y[i] = drawFloat24(source) < 1 / (1 + Math.exp(-2 * f[i]!)) ? 1 : 0;
  }
  return { heads: { f, g }, people: describePeople(y, a) };
}

/** Standard normal draw (Box and Muller). */
export function drawNormal(source: Stream): number {
  return Math.sqrt(-2 * Math.log(1 - drawFloat24(source))) * Math.cos(2 * Math.PI * drawFloat24(source));
}

/** Share of positive decisions of f + b g + c > 0 in group 0 and in group 1 of the population, exactly. */
export function positiveRates({ shift, blur }: Population, { b, c }: HeadRule): [number, number] {
  const deviation = Math.hypot(1, b * blur);
  return [normalShare((c - shift) / deviation), normalShare((shift + b + c) / deviation)];
}

/** Φ(z), by Simpson's rule on the density; to about 1e-10. */
function normalShare(z: number): number {
  const size = Math.min(Math.abs(z), 9);
  const steps = 200;
  let sum = 0;
  for (let k = 0; k <= steps; k++) {
    const weight = k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-(((k * size) / steps) ** 2) / 2);
  }
  const half = (sum * size) / steps / 3 / Math.sqrt(2 * Math.PI);
  return z > 0 ? 0.5 + half : 0.5 - half;
}
