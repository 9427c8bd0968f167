const cache = new Map<string, number>();

/**
 * Student's t such that a share `coverage` of the distribution lies within ±t. `degrees` is a whole
 * number of degrees of freedom, at least 1; `coverage` lies in (0, 1). Accurate to about 1e-12.
 */
export function twoSidedT(degrees: number, coverage: number): number {
  if (!Number.isInteger(degrees) || degrees < 1) throw new RangeError(`degrees of freedom: ${degrees}`);
  if (!(coverage > 0 && coverage < 1)) throw new RangeError(`coverage: ${coverage}`);
  const key = `${degrees} ${coverage}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  let low = 0;
  let high = Math.PI / 2;
  // Bisection over the angle: 60 halvings of π/2 reach the spacing of doubles.
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (shareWithin(middle, degrees) < coverage) low = middle;
    else high = middle;
  }
  const t = Math.sqrt(degrees) * Math.tan((low + high) / 2);
  cache.set(key, t);
  return t;
}

/** A(t | ν) with t = √ν tan(angle), for whole ν: Abramowitz and Stegun 26.7.3 and 26.7.4. */
function shareWithin(angle: number, degrees: number): number {
  const squared = Math.cos(angle) ** 2;
  const odd = degrees % 2 === 1;
  if (degrees === 1) return (2 * angle) / Math.PI;
  let term = odd ? Math.cos(angle) : 1;
  let sum = term;
  for (let k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * squared;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
