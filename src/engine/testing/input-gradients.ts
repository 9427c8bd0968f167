import { conv2d, matMul, reshape, type Tensor2D, type Tensor4D, tanh, tidy } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { download, toTensors } from '../arrays.js';
import type { Apply, NamedArrays, TensorMap } from '../engine.js';
import { softmaxCrossEntropy } from '../ops/cross-entropy.js';
import { withInputGradient } from '../ops/input-gradient.js';
import { logitsRatio } from '../ops/logits-ratio.js';
import { arrays } from './network.js';

/** A small smooth network, so that finite differences meet no kink, and examples with classes. */
export const parameters = arrays({ kernel: [3, 3, 1, 4], head: [4 * 36, 5] }, 1);
export const batch: NamedArrays = {
  ...arrays({ image: [6, 6, 6, 1] }, 2),
  classes: {
    shape: [6, 5],
    data: Float32Array.from({ length: 30 }, (_, at) => (at % 5 === Math.floor(at / 5) % 3 ? 1 : 0)),
  },
};
const logitsOf = (p: TensorMap, { image }: TensorMap) => {
  const features = tanh(conv2d(image as Tensor4D, p.kernel as Tensor4D, 1, 'same'));
  return matMul(reshape(features, [6, -1]) as Tensor2D, p.head as Tensor2D);
};
export const losses = { ce: softmaxCrossEntropy, dlr: logitsRatio } as const;

export function slopeOf(name: keyof typeof losses): Apply {
  return withInputGradient('image', (p, inputs) => {
    const logits = logitsOf(p, inputs);
    return { logits, loss: losses[name](logits, inputs.classes!) };
  });
}

/** Compares the gradient with finite differences of the loss, in random directions. */
export function expectGradients(run: (batch: NamedArrays) => NamedArrays): void {
  const found = run(batch);
  expect(found.logits!.shape).toEqual([6, 5]);
  expect(found.loss!.shape).toEqual([6]);
  expect(found.gradient!.shape).toEqual([6, 6, 6, 1]);
  const { image } = batch;
  for (let seed = 0; seed < 3; seed++) {
    const { direction } = arrays({ direction: image!.shape }, 10 + seed);
    const moved = (by: number) => {
      const data = image!.data.map((value, at) => value + by * direction!.data[at]!) as Float32Array;
      return run({ ...batch, image: { shape: image!.shape, data } }).loss!.data;
    };
    const [up, down] = [moved(1e-3), moved(-1e-3)];
    for (let row = 0; row < 6; row++) {
      let wanted = 0;
      for (let at = 0; at < 36; at++)
        wanted += found.gradient!.data[36 * row + at]! * direction!.data[36 * row + at]!;
      expect(Math.abs((up[row]! - down[row]!) / 2e-3 - wanted)).toBeLessThan(
        0.02 * Math.max(1, Math.abs(wanted)),
      );
    }
  }
}

/** Op by op, as an eager trainer does it. */
export function runEagerly(apply: Apply): (inputs: NamedArrays) => NamedArrays {
  return (inputs) => {
    let outputs: NamedArrays = {};
    tidy(() => {
      outputs = download(apply(toTensors(parameters), toTensors(inputs)));
    });
    return outputs;
  };
}
