import {
  add,
  conv2d,
  losses,
  matMul,
  mean,
  mul,
  oneHot,
  relu,
  reshape,
  rsqrt,
  type Scalar,
  softmax,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../src/engine/engine.js';
import { attentionSize, digitLayers, type TaskName } from './tasks.js';

/** The networks of tasks.ts out of TensorFlow.js's own ops alone, as one writes them without Heldout. */
const nets: Readonly<Record<TaskName, (p: TensorMap, x: Tensor) => Tensor>> = {
  mlp: applyMlp,
  'tiny-mlp': applyMlp,
  cnn(p, x) {
    let h = x;
    for (let index = 1; index <= 4; index++) h = relu(convolve(p, `conv${index}`, h, 2));
    const hidden = relu(affine(p, 'dense', reshape(h, [h.shape[0]!, -1])));
    return affine(p, 'read-out', hidden);
  },
  'digit-cnn'(p, x) {
    let h = x;
    for (const [index, { stride }] of digitLayers.entries()) {
      h = relu(convolve(p, `conv${index + 1}`, h, stride));
      const [batch, height, width, channels] = h.shape as [number, number, number, number];
      const grouped = reshape(h, [batch, height * width, 8, channels / 8]);
      h = scale(p, `norm${index + 1}`, reshape(normalise(grouped, [1, 3]), h.shape));
    }
    return affine(p, 'read-out', mean(h, [1, 2]));
  },
  attention(p, x) {
    const { layers, width, heads, length } = attentionSize;
    const batch = x.shape[0]!;
    const depth = width / heads;
    let h = x;
    for (let layer = 1; layer <= layers; layer++) {
      const block = `block${layer}`;
      const first = reshape(scale(p, `${block}/norm1`, normalise(h, [2])), [-1, width]);
      const [q, k, v] = ['query', 'key', 'value'].map((part) => {
        const all = matMul(first, p[`${block}/attention/${part}/kernel`]!);
        return transpose(reshape(all, [batch, length, heads, depth]), [0, 2, 1, 3]);
      });
      const weights = softmax(mul(matMul(q!, k!, false, true), 1 / Math.sqrt(depth)));
      const mixed = reshape(transpose(matMul(weights, v!), [0, 2, 1, 3]), [-1, width]);
      h = add(h, reshape(matMul(mixed, p[`${block}/attention/out/kernel`]!), h.shape));
      const second = reshape(scale(p, `${block}/norm2`, normalise(h, [2])), [-1, width]);
      const wide = relu(affine(p, `${block}/dense1`, second));
      h = add(h, reshape(affine(p, `${block}/dense2`, wide), h.shape));
    }
    return affine(p, 'read-out', mean(h, 1));
  },
};

export function shippedLoss(name: TaskName, parameters: TensorMap, batch: TensorMap): Scalar {
  const logits = nets[name](parameters, batch.x!);
  return losses.softmaxCrossEntropy(oneHot(batch.label as Tensor1D, logits.shape[1]!), logits) as Scalar;
}

function applyMlp(p: TensorMap, x: Tensor): Tensor {
  return affine(p, 'dense3', relu(affine(p, 'dense2', relu(affine(p, 'dense1', x)))));
}

function affine(p: TensorMap, name: string, x: Tensor): Tensor {
  return add(matMul(x, p[`${name}/kernel`]!), p[`${name}/bias`]!);
}

function convolve(p: TensorMap, name: string, x: Tensor, stride: number): Tensor {
  const kernel = p[`${name}/kernel`] as Tensor4D;
  return add(conv2d(x as Tensor4D, kernel, stride, 'same'), p[`${name}/bias`]!);
}

function normalise(x: Tensor, axes: number[]): Tensor {
  const centred = sub(x, mean(x, axes, true));
  return mul(centred, rsqrt(add(mean(square(centred), axes, true), 1e-5)));
}

function scale(p: TensorMap, name: string, x: Tensor): Tensor {
  return add(mul(x, p[`${name}/scale`]!), p[`${name}/shift`]!);
}
