import { describe, expect, it } from 'vitest';
import { exactPower } from './exact-power.js';

describe('exactPower', () => {
  // By Python's float pow.
  it.each<readonly [2 | 10, number, number]>([
    [10, -4.5682, 2.7027134319428153e-5],
    [10, -2.5, 0.0031622776601683794],
    [10, -4.5, 3.1622776601683795e-5],
    [2, 5.28, 38.8542363006415],
    [10, 1e-17, 1],
    [2, -1.5, 0.3535533905932738],
    [10, 4.813118, 65030.635785688384],
    [10, 3.9999999, 9999.997697415176],
  ])('of %i and %d', (base, exponent, power) => {
    expect(exactPower(base, exponent)).toBe(power);
  });

  it('is exact where the power is whole', () => {
    for (let exponent = -22; exponent <= 22; exponent++) {
      expect(exactPower(10, exponent)).toBe(Number(`1e${exponent}`));
      expect(exactPower(2, exponent)).toBe(2 ** exponent);
    }
    expect(exactPower(10, 300)).toBe(1e300);
    expect(exactPower(10, -300)).toBe(1e-300);
    expect(() => exactPower(10, 301)).toThrow(RangeError);
    expect(() => exactPower(10, Number.NaN)).toThrow(RangeError);
  });

  it('is never further from Math.pow than its error allows', () => {
    for (let exponent = -6; exponent < 6; exponent += 0.0137) {
      for (const base of [2, 10] as const) {
        const power = exactPower(base, exponent);
        expect(Math.abs(base ** exponent / power - 1)).toBeLessThan(1e-15);
      }
    }
  });
});
