/** Where the chance behind a share lies. */
export interface ChanceBounds {
  readonly low: number;
  readonly high: number;
}

/**
 * Exact bounds of Clopper and Pearson on a binomial chance: each is broken with probability at most `risk` / 2, whatever
 * the chance is. `hits` of `trials`, both whole, trials at least 1; `risk` in (0, 1). Found to about 1e-12.
 */
export function boundChance(hits: number, trials: number, risk: number): ChanceBounds {
  if (!(Number.isInteger(hits) && Number.isInteger(trials) && hits >= 0 && trials >= 1 && hits <= trials)) {
    throw new RangeError(`${hits} hits of ${trials} trials`);
  }
  if (!(risk > 0 && risk < 1)) throw new RangeError(`a risk lies between 0 and 1, not at ${risk}`);
  // P(at least k hits | p) = I_p(k, n − k + 1), which rises with p.
  const atLeast = (k: number) => (p: number) => incompleteBeta(k, trials - k + 1, p);
  return {
    low: hits === 0 ? 0 : solveRising(atLeast(hits), risk / 2),
    high: hits === trials ? 1 : solveRising(atLeast(hits + 1), 1 - risk / 2),
  };
}

/** Bisection on [0, 1]. */
function solveRising(rising: (p: number) => number, value: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (rising(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** I_x(a, b), the regularised incomplete beta function, for a, b ≥ 1: by its continued fraction (DLMF 8.17.22). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean; above it the mirrored one does.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) - logGamma(a) - logGamma(b) + logGamma(a + b) - Math.log(a),
  );
  return front * evaluateFraction(a, b, x);
}

/** Lentz's method. */
function evaluateFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 10_000; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / away(1 + term * d);
      c = away(1 + term / c);
      value *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}

/** log Γ(x) for x ≥ 1: Stirling's series (DLMF 5.11.1) beyond 12, reached by Γ(x + 1) = x Γ(x). About 1e-14 of its size. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 12; at++) shift += Math.log(at);
  const inverse = 1 / (at * at);
  const series =
    (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
