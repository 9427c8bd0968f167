/** From this mean on rejection is faster than multiplying up. */
const leastForRejection = 10;

/**
 * A number of the Poisson distribution of this mean: Knuth's product of uniform numbers where it is small, else
 * transformed rejection (Hörmann 1993, algorithm PTRS), in a time that does not grow with the mean.
 * @param uniform Gives numbers in [0, 1), independent of each other.
 */
export function drawPoisson(uniform: () => number, mean: number): number {
  if (!(mean >= 0 && mean < Number.POSITIVE_INFINITY))
    throw new RangeError(`there is no Poisson distribution of mean ${mean}`);
  return mean < leastForRejection ? multiplyUp(uniform, mean) : reject(uniform, mean);
}

function multiplyUp(uniform: () => number, mean: number): number {
  const end = Math.exp(-mean);
  let count = 0;
  // Never a zero, which would end it at once.
  for (let product = 1 - uniform(); product > end; product *= 1 - uniform()) count++;
  return count;
}

function reject(uniform: () => number, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const least = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = uniform() - 0.5;
    const v = 1 - uniform();
    const us = 0.5 - Math.abs(u);
    if (us <= 0) continue;
    const count = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= least) return count;
    if (count < 0 || (us < 0.013 && v > us)) continue;
    const bound = -mean + count * Math.log(mean) - logFactorial(count);
    if (Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b) <= bound) return count;
  }
}

const known = [0];

/** By sums up to 255, beyond it by Stirling's series, whose error is below 1e-12 there. */
function logFactorial(count: number): number {
  if (count > 255) {
    const inverse = 1 / count;
    const series = inverse * (1 / 12 - inverse * inverse * (1 / 360));
    return count * Math.log(count) - count + 0.5 * Math.log(2 * Math.PI * count) + series;
  }
  while (known.length <= count) known.push(known.at(-1)! + Math.log(known.length));
  return known[count]!;
}
