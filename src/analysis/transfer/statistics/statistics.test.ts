import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileOf, quartileRange, sortNumbers, spreadOf } from '../../../core/numbers/quantiles.js';
import { largestDifference, readReference } from '../testing/reference.js';
import { kendall, pearson, rank, spearman } from './correlation.js';
import { decompose } from './eigen.js';
import { invertSymmetric, solveSymmetric } from './linear-system.js';
import { normalCdf } from './normal.js';
import { adjustHolm, twoSidedFairCoin, upperTailOfF } from './tails.js';

const reference = readReference();
const numbers = (length: number) =>
  fc.array(fc.integer({ min: -5, max: 5 }), { minLength: length, maxLength: length });

describe('the normal distribution', () => {
  it('has the values of the error function, tails by their own size', () => {
    for (const [at, z] of reference.normal.z.entries()) {
      const wanted = reference.normal.cdf[at]!;
      expect(Math.abs(normalCdf(z) / wanted - 1)).toBeLessThan(5e-14);
    }
    expect(normalCdf(-60)).toBe(0);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });
});

describe('tails', () => {
  it('of F are those of its integral', () => {
    for (const { case: one, p } of reference.f) expect(upperTailOfF(...one)).toBeCloseTo(p, 10);
    expect(upperTailOfF(Number.NaN, 1, 5)).toBeNaN();
    expect(upperTailOfF(Number.POSITIVE_INFINITY, 1, 5)).toBe(0);
  });

  it('of a fair coin are counted', () => {
    expect(twoSidedFairCoin(0, 5)).toBeCloseTo(2 / 32, 14);
    expect(twoSidedFairCoin(4, 5)).toBeCloseTo(12 / 32, 14);
    expect(twoSidedFairCoin(3, 6)).toBe(1);
  });

  it('are adjusted by Holm, and never fall below a smaller p', () => {
    expect(adjustHolm([0.01, 0.04, 0.03, Number.NaN])).toEqual([0.03, 0.06, 0.06, Number.NaN]);
    expect(adjustHolm([0.6, 0.7])).toEqual([1, 1]);
  });
});

describe('quantiles', () => {
  it('are numpy’s', () => {
    const sorted = sortNumbers(reference.quantiles.values);
    const found = [0, 0.1, 0.25, 0.5, 0.9, 1].map((share) => quantileOf(sorted, share));
    expect(largestDifference(found, reference.quantiles.at)).toBeLessThan(1e-12);
  });

  it('of nothing are none', () => {
    expect(quartileRange([])).toBeNaN();
    expect(spreadOf([Number.NaN])).toBeUndefined();
    expect(spreadOf([1, 2, Number.NaN, 3])).toMatchObject({ median: 2, n: 3 });
  });
});

describe('correlations', () => {
  it('share the ranks of equal values', () => {
    expect([...rank([3, 1, 3, 2])]).toEqual([3.5, 1, 3.5, 2]);
  });

  it('Kendall’s tau-b counts pairs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }).chain((n) => fc.tuple(numbers(n), numbers(n))),
        ([x, y]) => {
          let [agree, ofX, ofY] = [0, 0, 0];
          for (let a = 0; a < x.length; a++) {
            for (let b = 0; b < a; b++) {
              const [p, q] = [Math.sign(x[a]! - x[b]!), Math.sign(y[a]! - y[b]!)];
              agree += p * q;
              ofX += p * p;
              ofY += q * q;
            }
          }
          const wanted = ofX === 0 || ofY === 0 ? Number.NaN : agree / Math.sqrt(ofX * ofY);
          if (Number.isNaN(wanted)) expect(kendall(x, y)).toBeNaN();
          else expect(kendall(x, y)).toBeCloseTo(wanted, 12);
        },
      ),
    );
  });

  it('of ranks do not see a rising transformation, and nothing of a constant', () => {
    fc.assert(
      fc.property(numbers(8), numbers(8), (x, y) => {
        const bent = x.map((value) => Math.exp(value / 3));
        const [plain, other] = [spearman(x, y), spearman(bent, y)];
        if (Number.isNaN(plain)) expect(other).toBeNaN();
        else expect(other).toBeCloseTo(plain, 12);
      }),
    );
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN();
    expect(pearson([1, 2, 3], [2, 4, 6])).toBe(1);
  });
});

describe('linear algebra', () => {
  const symmetric = fc.integer({ min: 1, max: 7 }).chain((size) =>
    numbers(size * size).map((values) => {
      const matrix = Float64Array.from(values, (_, at) => {
        const [row, column] = [Math.floor(at / size), at % size];
        return values[row * size + column]! + values[column * size + row]!;
      });
      return { size, matrix };
    }),
  );

  it('finds eigenvalues in falling order and orthonormal vectors', () => {
    fc.assert(
      fc.property(symmetric, ({ size, matrix }) => {
        const { values, vectors } = decompose(matrix, size);
        for (let k = 0; k < size; k++) {
          if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]! + 1e-9);
          const own = vectors.subarray(k * size, (k + 1) * size);
          for (let row = 0; row < size; row++) {
            const product = own.reduce((sum, value, at) => sum + value * matrix[row * size + at]!, 0);
            expect(product).toBeCloseTo(values[k]! * own[row]!, 8);
          }
          for (let other = 0; other <= k; other++) {
            const dot = own.reduce((sum, value, at) => sum + value * vectors[other * size + at]!, 0);
            expect(dot).toBeCloseTo(other === k ? 1 : 0, 9);
          }
        }
      }),
    );
  });

  it('solves what it can, and says how much that was', () => {
    const singular = [2, 1, 3, 1, 2, 3, 3, 3, 6];
    const { x, rank: found } = solveSymmetric(singular, [5, 4, 9], 3);
    expect(found).toBe(2);
    expect(largestDifference(x, [2, 1, 0])).toBeLessThan(1e-12);
    expect(invertSymmetric(singular, 3)).toBeUndefined();
    expect(largestDifference(invertSymmetric([2, 1, 1, 2], 2)!, [2 / 3, -1 / 3, -1 / 3, 2 / 3])).toBeLessThan(
      1e-12,
    );
  });
});
