import { cast, engine, fused, matMul, type Tensor, tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { linear } from '../ops/fused.js';
import { fill, relativeError, runOn, startBoth } from '../testing/backends.js';

interface Case {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly batchA: readonly number[];
  readonly batchB: readonly number[];
}

beforeAll(startBoth);

function compare(compute: () => Tensor | Tensor[]): number {
  const expected = runOn('cpu', compute);
  const found = runOn('wasm', compute);
  return Math.max(...found.map((values, index) => relativeError(values, expected[index]!)));
}

function error({ m, n, k, transposeA, transposeB, batchA, batchB }: Case): number {
  return compare(() => {
    const a = fill([...batchA, ...(transposeA ? [k, m] : [m, k])], 1);
    const b = fill([...batchB, ...(transposeB ? [n, k] : [k, n])], 2);
    return matMul(a, b, transposeA, transposeB);
  });
}

describe('matrix products equal those of the cpu backend', () => {
  it.each([
    [1, 1, 1],
    [4, 8, 4],
    [5, 9, 7],
    [3, 17, 300],
    [67, 65, 33],
    [130, 10, 20],
    [2, 300, 3],
    [70, 270, 5],
  ])('%i x %i over %i, all transpositions', (m, n, k) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        expect(error({ m, n, k, transposeA, transposeB, batchA: [], batchB: [] })).toBeLessThan(1e-5);
      }
    }
  });

  it.each([
    { batchA: [3], batchB: [3] },
    { batchA: [2, 3], batchB: [2, 3] },
    { batchA: [3], batchB: [1] },
    { batchA: [1], batchB: [4] },
    { batchA: [2, 3], batchB: [3] },
  ])('batches $batchA and $batchB', ({ batchA, batchB }) => {
    expect(error({ m: 5, n: 6, k: 7, transposeA: false, transposeB: true, batchA, batchB })).toBeLessThan(
      1e-5,
    );
  });

  it('for any sizes', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const cases = fc.record({
      m: size,
      n: size,
      k: size,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      batchA: fc.constant([]),
      batchB: fc.constant([]),
    });
    fc.assert(
      fc.property(cases, (c) => {
        expect(error(c)).toBeLessThan(1e-5);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['linear', 'relu'] as const)('with bias and %s', (activation) => {
    const inputs = () => [fill([9, 20], 1), fill([20, 13], 2), fill([13], 3)] as const;
    expect(compare(() => linear(...inputs(), activation))).toBeLessThan(1e-5);
    expect(
      compare(() => {
        const [a, b, bias] = inputs();
        return fused.matMul({ a, b, bias, activation });
      }),
    ).toBeLessThan(1e-5);
  });

  it('keeps NaN and infinities where they belong', () => {
    const compute = () =>
      matMul(
        tensor([
          [Number.NaN, 1],
          [2, 3],
        ]),
        tensor([
          [1, 0],
          [0, Number.POSITIVE_INFINITY],
        ]),
      );
    expect([...runOn('wasm', compute)[0]!.data]).toEqual([
      Number.NaN,
      Number.NaN,
      2,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('of nothing is zero', () => {
    const [empty] = runOn('wasm', () => matMul(tensor([], [2, 0]), tensor([], [0, 3])));
    expect([...empty!.data]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('says what it does not support', () => {
    const product = () =>
      runOn('wasm', () =>
        engine().runKernel('HeldoutLinear', {
          x: cast(fill([2, 3], 1), 'int32'),
          kernel: fill([3, 2], 2),
          bias: fill([2], 3),
        }),
      );
    expect(product).toThrow('HeldoutLinear on wasm does not support x [2,3], kernel [3,2], bias [2]');
  });
});
