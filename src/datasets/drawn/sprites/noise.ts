const steps = 1 << 16;

/**
 * The standard normal distribution as 2^16 equally likely numbers, ascending: its quantiles at (i + 1/2) / 2^16, which
 * end at ±4.3. Sixteen random bits draw one.
 */
export function normalQuantiles(): Float32Array {
  const quantiles = new Float32Array(steps);
  const [width, least] = [2 ** -13, -6];
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let x = least;
  let below = 0;
  // The lower half by adding up the density; the upper one is its mirror image.
  for (let i = 0; i < steps / 2; ) {
    const more = (width * (density(x) + density(x + width))) / 2;
    for (; i < steps / 2 && (i + 0.5) / steps <= below + more; i++) {
      const value = x + (width * ((i + 0.5) / steps - below)) / more;
      quantiles[i] = value;
      quantiles[steps - 1 - i] = -value;
    }
    below += more;
    x += width;
  }
  return quantiles;
}
