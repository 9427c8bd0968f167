import { drawFloat53, type Stream } from './stream.js';

/** From this mean on rejection is faster than counting up. */
const leastForRejection = 10;

/**
 * The number of successes among `trials` of probability `p`, exactly distributed: by inversion where the mean is small,
 * else by transformed rejection (Hörmann 1993, algorithm BTRS), in a time that does not grow with `trials`.
 */
export function drawBinomial(source: Stream, trials: number, p: number): number {
  if (!(Number.isInteger(trials) && trials >= 0) || Number.isNaN(p)) {
    throw new RangeError(`there is no binomial distribution of ${trials} trials with probability ${p}`);
  }
  if (trials === 0 || p <= 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - drawBinomial(source, trials, 1 - p);
  return trials * p < leastForRejection ? invert(source, trials, p) : reject(source, trials, p);
}

/**
 * Shares `total` out over the cells `at` .. `at + count − 1` of `out` with probabilities in proportion to `weights` of the
 * same cells: the multinomial distribution, one conditional binomial after the other. Weights are 0 or more; where all
 * are 0, `total` has to be 0.
 */
export function drawMultinomial(
  source: Stream,
  total: number,
  weights: ArrayLike<number>,
  out: { [index: number]: number },
  at: number,
  count: number,
): void {
  let left = total;
  let weight = 0;
  for (let cell = at; cell < at + count; cell++) weight += weights[cell]!;
  if (weight <= 0 && total > 0)
    throw new RangeError(`${total} cannot be shared out over cells without weight`);
  for (let cell = at; cell < at + count; cell++) {
    const own = weights[cell]!;
    // The last cell that has a weight takes what is left, whatever was rounded on the way to it.
    const drawn = own <= 0 ? 0 : own >= weight ? left : drawBinomial(source, left, own / weight);
    out[cell] = drawn;
    left -= drawn;
    weight -= own;
  }
}

function invert(source: Stream, trials: number, p: number): number {
  const odds = p / (1 - p);
  const none = (1 - p) ** trials;
  for (;;) {
    let rest = drawFloat53(source);
    let mass = none;
    for (let x = 0; x <= trials; x++) {
      if (rest < mass) return x;
      rest -= mass;
      mass *= ((trials - x) / (x + 1)) * odds;
    }
    // The masses sum to 1 but for rounding: beyond them it is drawn again.
  }
}

function reject(source: Stream, trials: number, p: number): number {
  const spread = Math.sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = trials * p + 0.5;
  const accepted = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const logOdds = Math.log(p / (1 - p));
  const mode = Math.floor((trials + 1) * p);
  const height = logFactorial(mode) + logFactorial(trials - mode);
  for (;;) {
    const u = drawFloat53(source) - 0.5;
    const v = drawFloat53(source);
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + centre);
    if (!(k >= 0 && k <= trials)) continue;
    if (distance >= 0.07 && v <= accepted) return k;
    const ratio = Math.log((v * alpha) / (a / (distance * distance) + b));
    if (ratio <= height - logFactorial(k) - logFactorial(trials - k) + (k - mode) * logOdds) return k;
  }
}

const small = new Float64Array(16);
for (let k = 1; k < small.length; k++) small[k] = small[k - 1]! + Math.log(k);

/** log(k!), by Stirling's series from 16 on: to 1e-13 of its value. */
function logFactorial(k: number): number {
  if (k < small.length) return small[k]!;
  const x = k + 1;
  const inverse = 1 / x;
  const series = inverse * (1 / 12 - inverse * inverse * (1 / 360 - (inverse * inverse) / 1260));
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}
