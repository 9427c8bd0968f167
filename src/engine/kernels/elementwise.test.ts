import { add, clone, engine, relu, square, sum, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { biasAdd, biasAddGradient } from '../ops/bias-add.js';
import { reluGradient } from '../ops/relu-gradient.js';
import { adamNumbers, adamUpdate } from '../ops/updates/adam-update.js';
import { fill, relativeError, runOn, startBoth } from '../testing/backends.js';

beforeAll(startBoth);

function compare(compute: () => Tensor | Tensor[]): number {
  const expected = runOn('cpu', compute);
  const found = runOn('wasm', compute);
  return Math.max(...found.map((values, index) => relativeError(values, expected[index]!)));
}

const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

describe('elementwise kernels equal the portable forms', () => {
  it.each([
    [[3, 5], 1],
    [[2, 3, 4, 32], 2],
    [[7, 1], 3],
    [[1000, 19], 4],
  ] as const)('bias and its gradient, %j', (shape, seed) => {
    const compute = () => {
      const x = fill(shape, seed);
      const bias = fill(shape.slice(-1), seed + 10);
      return [biasAdd(x, bias), biasAddGradient(x), add(x, bias), add(bias, x), reluGradient(x, relu(x))];
    };
    expect(compare(compute)).toBeLessThan(2e-6);
  });

  it.each([
    [[4, 5, 6], [0]],
    [
      [4, 5, 6],
      [0, 1],
    ],
    [[4, 5, 6], [1]],
    [[4, 5, 6], [2]],
    [
      [4, 5, 6],
      [0, 2],
    ],
    [
      [4, 5, 6],
      [1, 0],
    ],
    [
      [4, 5, 6],
      [0, 1, 2],
    ],
    [[300, 70], [0]],
  ])('sum of %j over %j', (shape, axes) => {
    for (const keepDims of [false, true]) {
      expect(compare(() => sum(fill(shape, 5), axes, keepDims))).toBeLessThan(2e-6);
    }
  });

  it('sums a long column without losing digits', () => {
    const [total] = runOn('wasm', () => sum(tensor(new Float32Array(200_000).fill(0.1), [100_000, 2]), 0));
    expect(total!.data[0]! / 10_000 - 1).toBeLessThan(1e-6);
  });

  it.each([1, 3, 8, 1001])('adam on %i values', (size) => {
    const numbers = { ...adam, ...adamNumbers(adam, 0.01, 3) };
    const compute = () => {
      const squares = square(fill([size], 4));
      return adamUpdate(fill([size], 1), fill([size], 2), fill([size], 3), squares, numbers);
    };
    expect(compare(compute)).toBeLessThan(1e-6);
  });

  it('adam makes its first step of the size of the learning rate', () => {
    const zero = () => tensor([0, 0]);
    const numbers = { ...adam, ...adamNumbers(adam, 0.5, 1) };
    const [parameter] = runOn('wasm', () => adamUpdate(zero(), tensor([3, -0.01]), zero(), zero(), numbers));
    expect(parameter!.data[0]).toBeCloseTo(-0.5, 5);
    expect(parameter!.data[1]).toBeCloseTo(0.5, 5);
  });
});

it('shares the values of a clone, and frees them with the last of both', () => {
  engine().startScope();
  const before = engine().memory().numDataBuffers;
  const original = fill([8], 1);
  const copy = tidy(() => clone(original));
  expect(engine().memory().numDataBuffers).toBe(before + 1);
  const values = [...original.dataSync()];
  original.dispose();
  expect([...copy.dataSync()]).toEqual(values);
  copy.dispose();
  expect(engine().memory().numDataBuffers).toBe(before);
  engine().endScope();
});
