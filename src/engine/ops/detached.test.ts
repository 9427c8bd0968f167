import { exp, grad, mul, sum, tensor1d } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { startEngine } from '../backends/start.js';
import { detached } from './detached.js';

it('takes no gradient through what is detached', async () => {
  await startEngine({ backend: 'wasm', threads: 1 });
  const x = tensor1d([0, 1]);
  const slope = grad((at) =>
    sum(
      mul(
        at,
        detached(() => exp(at)),
      ),
    ),
  )(x);
  expect([...slope.dataSync()]).toEqual([...exp(x).dataSync()]);
});

it('differentiates as before after an error within', () => {
  expect(() =>
    detached(() => {
      throw new Error('within');
    }),
  ).toThrow('within');
  const slope = grad((at) => sum(exp(at)))(tensor1d([1]));
  expect(slope.dataSync()[0]).toBeCloseTo(Math.E, 5);
});
