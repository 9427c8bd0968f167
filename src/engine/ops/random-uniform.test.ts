import { ones, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { statelessUniform } from '../../random/philox.js';
import { type BackendName, runOn, startBoth } from '../testing/backends.js';
import { dropPath } from './drop-path.js';
import { keyInputs, randomUniform, readKey } from './random-uniform.js';

beforeAll(startBoth);

const draw = (backend: BackendName, key: readonly [number, number], salt: number) =>
  runOn(backend, () => randomUniform([3, 5], tensor1d([...key], 'int32'), salt))[0]!;

describe.each(['wasm', 'cpu'] as const)('randomUniform on %s', (backend) => {
  it('draws what key and salt say', () => {
    const { shape, data } = draw(backend, [5, -7], 3);
    expect(shape).toEqual([3, 5]);
    expect(data).toEqual(statelessUniform(5, -4, 15));
    expect(draw(backend, [5, -7], 4).data).not.toEqual(data);
    expect(draw(backend, [6, -7], 3).data).not.toEqual(data);
  });

  it('wraps a salted key around', () => {
    expect(draw(backend, [1, 2 ** 31 - 1], 1).data).toEqual(statelessUniform(1, -(2 ** 31), 15));
  });
});

it('a key enters a step as two numbers', () => {
  const [key] = runOn('wasm', () => readKey(keyInputs([2 ** 24 - 1, 12])));
  expect([...key!.data]).toEqual([2 ** 24 - 1, 12]);
  expect(() => readKey({})).toThrow('no key');
});

describe('dropPath', () => {
  const drop = (rate: number, key?: Tensor) => dropPath(ones([4000, 1, 2]), { rate, key, salt: 1 });

  it('drops whole examples, and scales the others by what keeps the mean', () => {
    const { data } = runOn('wasm', () => drop(0.2, tensor1d([1, 2], 'int32')))[0]!;
    const pairs = Array.from({ length: 4000 }, (_, row) => [data[2 * row]!, data[2 * row + 1]!] as const);
    expect(pairs.every(([a, b]) => a === b && (a === 0 || a === 1.25))).toBe(true);
    expect(data.reduce((sum, value) => sum + value) / data.length).toBeCloseTo(1, 1);
  });

  it('leaves everything in evaluation and at a rate of zero', () => {
    const [evaluation] = runOn('wasm', () => drop(0.2));
    const [none] = runOn('wasm', () => drop(0, tensor1d([1, 2], 'int32')));
    for (const one of [evaluation!, none!]) expect(one.data.every((value) => value === 1)).toBe(true);
  });
});
