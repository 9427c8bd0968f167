import { quantileOf } from '../../../core/numbers/quantiles.js';
import { drawBelow, type Stream } from '../../../random/stream.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly draws: number;
  /** Coverage, in (0, 1). */
  readonly level: number;
  readonly source: Stream;
}

/** A larger share of draws without a value says that the rest are a chosen few. */
const mostLacking = 0.05;

/**
 * Percentile intervals of several numbers by drawing units with replacement, all from the same draws; undefined where more
 * than a twentieth of the draws lack a number.
 * @param compute Gets how often each of the units was drawn, and fills the numbers.
 */
export function bootstrap(
  units: number,
  numbers: number,
  compute: (counts: Float64Array, out: Float64Array) => void,
  { draws, level, source }: BootstrapOptions,
): (Interval | undefined)[] {
  const counts = new Float64Array(units);
  const out = new Float64Array(numbers);
  const drawn = Array.from({ length: numbers }, () => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw++) {
    counts.fill(0);
    for (let unit = 0; unit < units; unit++) counts[drawBelow(source, units)]! += 1;
    compute(counts, out);
    for (let at = 0; at < numbers; at++) drawn[at]![draw] = out[at]!;
  }
  return drawn.map((values) => percentileInterval(values, level));
}

export function percentileInterval(values: Float64Array, level: number): Interval | undefined {
  const known = values.filter(Number.isFinite).sort();
  if (known.length === 0 || values.length - known.length > mostLacking * values.length) return undefined;
  return { low: quantileOf(known, (1 - level) / 2), high: quantileOf(known, (1 + level) / 2) };
}
