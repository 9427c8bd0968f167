import { add, conv2d, grads, mul, rsqrt, sub, sum, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { toTensors } from '../../engine/arrays.js';
import type { NamedArrays } from '../../engine/engine.js';
import { randomValues, relativeError, runOn, startBoth } from '../../engine/testing/backends.js';
import { normalisedConvolution } from './frozen-norm.js';

beforeAll(startBoth);

const arrays: NamedArrays = {
  x: { shape: [2, 5, 5, 3], data: randomValues(150, 1) },
  'conv/kernel': { shape: [3, 3, 3, 4], data: randomValues(108, 2) },
  'norm/scale': { shape: [4], data: randomValues(4, 3) },
  'norm/shift': { shape: [4], data: randomValues(4, 4) },
  'norm/mean': { shape: [4], data: randomValues(4, 5) },
  'norm/variance': { shape: [4], data: Float32Array.of(0.3, 1, 2, 0.01) },
  weights: { shape: [2, 5, 5, 4], data: randomValues(200, 6) },
};
const trained = ['x', 'conv/kernel', 'norm/scale', 'norm/shift'] as const;

/** One after the other, by PyTorch's definition of a batch norm in evaluation. */
function plain(x: Tensor, kernel: Tensor, scale: Tensor, shift: Tensor, all: Record<string, Tensor>): Tensor {
  const convolved = conv2d(x as Tensor4D, kernel as Tensor4D, 1, 'same');
  const normal = mul(sub(convolved, all['norm/mean']!), rsqrt(add(all['norm/variance']!, 1e-5)));
  return add(mul(normal, scale), shift);
}

it.each(['wasm', 'cpu'] as const)('is the convolution and then the norm, gradients too, on %s', (backend) => {
  const both = [true, false].map((isPlain) =>
    runOn(backend, () => {
      const all = toTensors(arrays);
      const apply = (...[x, kernel, scale, shift]: Tensor[]) =>
        isPlain
          ? plain(x!, kernel!, scale!, shift!, all)
          : normalisedConvolution(
              { ...all, 'conv/kernel': kernel!, 'norm/scale': scale!, 'norm/shift': shift! },
              { conv: 'conv', norm: 'norm' },
              x!,
              { stride: 1, padding: 'same' },
            );
      const given = trained.map((name) => all[name]!);
      const gradients = grads((...some: Tensor[]) => sum(mul(apply(...some), all.weights!)))(given);
      return [apply(...given), ...gradients];
    }),
  );
  for (const [at, found] of both[1]!.entries()) {
    expect(relativeError(found, both[0]![at]!), ['the values', ...trained][at]).toBeLessThan(1e-5);
  }
});
