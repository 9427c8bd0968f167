const rootOfTwoPi = Math.sqrt(2 * Math.PI);

export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / rootOfTwoPi;
}

/**
 * Probability that a standard normal variable lies below z, to about 3e-14 of its value: Marsaglia's
 * series (2004) near 0, else the continued fraction of the tail (Abramowitz and Stegun 26.2.14).
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  if (Math.abs(z) > 3) {
    const tail = upperTail(Math.abs(z));
    return z < 0 ? tail : 1 - tail;
  }
  let [sum, term] = [z, z];
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + sum * normalDensity(z);
}

function upperTail(z: number): number {
  if (z > 38.6) return 0;
  let fraction = z;
  for (let k = 150; k >= 1; k--) fraction = z + k / fraction;
  return normalDensity(z) / fraction;
}
