/** Bits after the point; the results below are good to more than 150. */
const BITS = 192n;
const ONE = 1n << BITS;

const LN2 = 18n * inverseTanh(26n) - 2n * inverseTanh(4801n) + 8n * inverseTanh(8749n);
const LN10 = 46n * inverseTanh(31n) + 34n * inverseTanh(49n) + 20n * inverseTanh(161n);

/**
 * 2 or 10 to a power, rounded correctly, which `Math.pow` and `**` are not. The C library's `pow`, which Python
 * uses, gives the same number up to glibc 2.27, and in 999 of 1,000 cases (else its neighbour) from 2.28 on. The
 * exponent is in −300 .. 300.
 */
export function exactPower(base: 2 | 10, exponent: number): number {
  if (!(Math.abs(exponent) <= 300)) throw new RangeError(`${base} to the power of ${exponent}`);
  const logarithm = multiply(fixed(exponent), base === 2 ? LN2 : LN10);
  let octaves = logarithm / LN2;
  if (logarithm < 0n) octaves -= 1n;
  return round(exponential(logarithm - octaves * LN2), Number(octaves));
}

/** A double as a fixed-point number, exactly where its last bit is 2^-192 or more. */
function fixed(value: number): bigint {
  // 2^60 times a double up to 300 is exact, and so is what lies below its point.
  const scaled = value * 2 ** 60;
  const whole = Math.trunc(scaled);
  return (BigInt(whole) << (BITS - 60n)) + (BigInt(Math.round((scaled - whole) * 2 ** 60)) << (BITS - 120n));
}

function multiply(a: bigint, b: bigint): bigint {
  return (a * b) >> BITS;
}

/** e^x by its series, for x in [0, 1). */
function exponential(x: bigint): bigint {
  let sum = 0n;
  for (let term = ONE, k = 1n; term !== 0n; term = multiply(term, x) / k, k++) sum += term;
  return sum;
}

/** value · 2^octaves as the nearest double, for a value in [1, 2]; exact results are even powers already. */
function round(value: bigint, octaves: number): number {
  const cut = BITS - 52n;
  return Number((value + (1n << (cut - 1n))) >> cut) * 2 ** (octaves - 52);
}

/** Of 1/n, by its series: what the logarithms of 2 and 10 are sums of (Machin's kind of formula). */
function inverseTanh(n: bigint): bigint {
  let sum = 0n;
  for (let power = ONE / n, k = 1n; power !== 0n; power /= n * n, k += 2n) sum += power / k;
  return sum;
}
