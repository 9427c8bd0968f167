import { grads, relu, sum, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from '../ops/cross-entropy.js';
import { groupNorm } from '../ops/norms/group-norm.js';
import { fill, runOn, startBoth } from '../testing/backends.js';
import { checkGradients } from '../testing/check-gradients.js';

beforeAll(startBoth);

checkGradients('wasm');
checkGradients('cpu');

it('takes no gradient from the zeros of ReLU', () => {
  const [gradient] = runOn('wasm', () => tidy(() => grads((x) => sum(relu(x!)))([tensor([-1, 0, 2])])));
  expect([...gradient!.data]).toEqual([0, 0, 1]);
});

describe('cross-entropy', () => {
  it('stays finite for large logits', () => {
    const logits = () => tensor([1000, -1000, 0, 0], [2, 2]);
    const results = runOn('wasm', () => [
      softmaxCrossEntropy(logits(), tensor([1, 0], [2], 'int32')),
      sigmoidCrossEntropy(logits(), tensor([0, 1, 0, 1], [2, 2])),
    ]);
    expect([...results[0]!.data]).toEqual([2000, expect.closeTo(Math.LN2, 5)]);
    expect([...results[1]!.data].map((value) => Math.round(value))).toEqual([1000, 1000, 1, 1]);
  });

  it('takes no gradient with respect to its target', () => {
    const attempt = () =>
      runOn('wasm', () =>
        grads((x, y) => sum(softmaxCrossEntropy(x!, y!)))([fill([2, 3], 1), fill([2, 3], 2)]),
      );
    expect(attempt).toThrow('Cannot backprop through input the target of cross-entropy');
  });
});

it('refuses groups that do not divide the channels', () => {
  const norm = () => groupNorm(fill([2, 3, 6], 1), fill([6], 2), fill([6], 3), { groups: 4, epsilon: 1e-5 });
  expect(() => runOn('wasm', norm)).toThrow('6 channels do not divide into 4 groups');
});
