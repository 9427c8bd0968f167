import {
  add,
  conv2d,
  matMul,
  maximum,
  reshape,
  type Tensor,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';
import { convolution, linear } from '../../ops/fused.js';
import { product } from '../../ops/product.js';
import { sharedProduct } from '../../ops/shared-product.js';
import type { DifferentiableOp } from './differentiable-op.js';

const activate = (x: Tensor, activation: 'linear' | 'relu') => (activation === 'relu' ? maximum(x, 0) : x);
export const products: readonly DifferentiableOp[] = [
  {
    name: 'shared product',
    shapes: [
      [4, 3],
      [2, 5, 3],
    ],
    apply: (shared, x) => sharedProduct(shared!, x!),
    plain: (shared, x) =>
      transpose(reshape(matMul(reshape(x!, [10, 3]), transpose(shared!)), [2, 5, 4]), [0, 2, 1]),
  },
  ...[false, true].flatMap((turnA) =>
    [false, true].map(
      (turnB): DifferentiableOp => ({
        name: `product${turnA ? ', first transposed' : ''}${turnB ? ', second transposed' : ''}`,
        shapes: [turnA ? [5, 3] : [3, 5], turnB ? [4, 5] : [5, 4]],
        apply: (a, b) => product(a!, b!, turnA, turnB),
        plain: (a, b) => matMul(turnA ? transpose(a!) : a!, turnB ? transpose(b!) : b!),
      }),
    ),
  ),
  ...(['linear', 'relu'] as const).flatMap((activation): DifferentiableOp[] => [
    {
      name: `linear, ${activation}`,
      kinks: activation === 'relu',
      shapes: [[3, 5], [5, 4], [4]],
      apply: (x, kernel, bias) => linear(x!, kernel!, bias!, activation),
      plain: (x, kernel, bias) => activate(add(matMul(x!, kernel!), bias!), activation),
    },
    {
      name: `convolution 4x4, stride 2, same, ${activation}`,
      kinks: activation === 'relu',
      shapes: [[2, 6, 6, 2], [4, 4, 2, 3], [3]],
      apply: (x, kernel, bias) => convolution(x!, kernel!, bias!, { stride: 2, padding: 'same', activation }),
      plain: (x, kernel, bias) =>
        activate(add(conv2d(x as Tensor4D, kernel as Tensor4D, 2, 'same'), bias!), activation),
    },
    {
      name: `convolution 4x4, stride 1, valid, ${activation}`,
      kinks: activation === 'relu',
      shapes: [[2, 4, 4, 3], [4, 4, 3, 5], [5]],
      apply: (x, kernel, bias) =>
        convolution(x!, kernel!, bias!, { stride: 1, padding: 'valid', activation }),
      plain: (x, kernel, bias) =>
        activate(add(conv2d(x as Tensor4D, kernel as Tensor4D, 1, 'valid'), bias!), activation),
    },
  ]),
  {
    name: 'linear on three axes, without bias',
    shapes: [
      [2, 3, 5],
      [5, 4],
    ],
    apply: (x, kernel) => linear(x!, kernel!, undefined),
    plain: (x, kernel) => reshape(matMul(reshape(x!, [6, 5]), kernel!), [2, 3, 4]),
  },
];
