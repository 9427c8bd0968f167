import {
  add,
  addN,
  avgPool,
  concat,
  conv2d,
  div,
  erf,
  exp,
  log,
  log1p,
  matMul,
  maximum,
  maxPool as maxPoolOfCore,
  mean,
  mul,
  neg,
  oneHot,
  reshape,
  rsqrt,
  slice,
  split,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
  tanh,
  tensor1d,
  transpose,
} from '@tensorflow/tfjs-core';
import { attention, attentionOfHeads, linkedAttention, selfAttention } from '../ops/attention.js';
import { biasAdd } from '../ops/bias-add.js';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from '../ops/cross-entropy.js';
import { convolution, linear } from '../ops/fused.js';
import { geglu } from '../ops/geglu.js';
import { gelu } from '../ops/gelu.js';
import { groupNorm } from '../ops/norms/group-norm.js';
import { layerNorm } from '../ops/norms/layer-norm.js';
import { moduleNorm } from '../ops/norms/module-norm.js';
import { averagePool, globalAveragePool, maxPool } from '../ops/pooling.js';
import { product } from '../ops/product.js';
import { scaleEach } from '../ops/scale-each.js';
import { sharedProduct } from '../ops/shared-product.js';
import { logSoftmax, softmax } from '../ops/softmax.js';
import { fill } from './backends.js';

/** An op, and the same written out of plain ops with the gradients of TensorFlow.js. */
export interface DifferentiableOp {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  /** Has places without a derivative: finite differences across them are left out. */
  readonly kinks?: boolean;
  /** Added to the first input, whose values are in [-1, 1) otherwise. */
  readonly offset?: number;
  apply(...inputs: Tensor[]): Tensor;
  plain(...inputs: Tensor[]): Tensor;
}

const activate = (x: Tensor, activation: 'linear' | 'relu') => (activation === 'relu' ? maximum(x, 0) : x);
const normalise = (x: Tensor, axes: number[]) => {
  const centred = sub(x, mean(x, axes, true));
  return mul(centred, rsqrt(add(mean(square(centred), axes, true), 1e-5)));
};
const plainSoftmax = (x: Tensor) => {
  const powers = exp(x);
  return div(powers, sum(powers, -1, true));
};
const classes = () => tensor1d([2, 0, 1], 'int32');
const shares = () => plainSoftmax(fill([3, 4], 51));
const plainAttention = (mask: Tensor | undefined) => (q: Tensor, k: Tensor, v: Tensor) => {
  const scores = div(matMul(q, transpose(k, [0, 1, 3, 2])), Math.sqrt(q.shape.at(-1)!));
  return matMul(plainSoftmax(mask === undefined ? scores : add(scores, mask)), v);
};

const norms: readonly DifferentiableOp[] = [
  {
    name: 'norms of modules',
    shapes: [[2, 3, 7], [7], [7], [3, 7], [3, 7]],
    apply: (x, scale, shift, ...factors) => concat(moduleNorm(x!, scale!, shift!, 1e-5, factors), 0),
    plain: (x, scale, shift, ...factors) => {
      const normal = add(mul(normalise(x!, [2]), scale!), shift!);
      return concat(
        factors.map((factor) => mul(normal, factor)),
        0,
      );
    },
  },
  ...[
    [5, 8],
    [2, 3, 7],
    [1, 1],
  ].map(
    (shape): DifferentiableOp => ({
      name: `layer norm, [${shape}]`,
      shapes: [shape, [shape.at(-1)!], [shape.at(-1)!]],
      apply: (x, scale, shift) => layerNorm(x!, scale!, shift!, 1e-5),
      plain: (x, scale, shift) => add(mul(normalise(x!, [x!.rank - 1]), scale!), shift!),
    }),
  ),
  ...(
    [
      [[2, 3, 3, 8], 4, 0],
      [[3, 5, 4, 6], 1, 0],
      [[2, 4, 6], 6, 0],
      [[2, 4, 3, 8], 2, 3],
    ] as const
  ).map(
    ([shape, groups, offset]): DifferentiableOp => ({
      name: `group norm, [${shape}], ${groups} groups, around ${offset}`,
      shapes: [shape, [shape.at(-1)!], [shape.at(-1)!]],
      offset,
      apply: (x, scale, shift) => groupNorm(x!, scale!, shift!, { groups, epsilon: 1e-5 }),
      plain: (x, scale, shift) => {
        const parts = reshape(x!, [x!.shape[0]!, -1, groups, x!.shape.at(-1)! / groups]);
        return add(mul(reshape(normalise(parts, [1, 3]), x!.shape), scale!), shift!);
      },
    }),
  ),
];

const products: readonly DifferentiableOp[] = [
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

const elementwise: readonly DifferentiableOp[] = [
  {
    name: 'bias',
    shapes: [[2, 3, 4], [4]],
    apply: (x, bias) => biasAdd(x!, bias!),
    plain: (x, bias) => add(x!, bias!),
  },
  {
    name: 'gelu, erf',
    shapes: [[4, 6]],
    apply: (x) => gelu(mul(x!, 3)),
    plain: (x) => mul(mul(x!, 1.5), add(erf(mul(x!, 3 * Math.SQRT1_2)), 1)),
  },
  {
    name: 'geglu',
    shapes: [
      [4, 6],
      [4, 6],
    ],
    apply: (value, gate) => geglu(value!, mul(gate!, 3)),
    plain: (value, gate) => mul(mul(value!, mul(gate!, 1.5)), add(erf(mul(gate!, 3 * Math.SQRT1_2)), 1)),
  },
  {
    name: 'geglu of modules',
    shapes: [
      [2, 3, 5],
      [2, 3, 5],
      [3, 5],
    ],
    apply: (value, gate, factor) => geglu(value!, mul(gate!, 3), factor!),
    plain: (value, gate, factor) =>
      mul(mul(mul(value!, mul(gate!, 1.5)), add(erf(mul(gate!, 3 * Math.SQRT1_2)), 1)), factor!),
  },
  {
    name: 'scaling of each',
    shapes: [
      [2, 3, 4],
      [3, 4],
    ],
    apply: (x, scale) => scaleEach(x!, scale!),
    plain: (x, scale) => mul(x!, scale!),
  },
  {
    name: 'gelu, tanh',
    shapes: [[4, 6]],
    apply: (x) => gelu(mul(x!, 3), 'tanh'),
    plain: (x) => {
      const y = mul(x!, 3);
      const inner = mul(add(y, mul(mul(y, square(y)), 0.044715)), Math.sqrt(2 / Math.PI));
      return mul(mul(y, 0.5), add(tanh(inner), 1));
    },
  },
];

const normalised: readonly DifferentiableOp[] = [
  { name: 'softmax', shapes: [[2, 3, 5]], apply: (x) => softmax(x!), plain: (x) => plainSoftmax(x!) },
  {
    name: 'log-softmax',
    shapes: [[2, 3, 5]],
    apply: (x) => logSoftmax(x!),
    plain: (x) => log(plainSoftmax(x!)),
  },
  {
    name: 'cross-entropy of classes',
    shapes: [[3, 4]],
    apply: (x) => softmaxCrossEntropy(x!, classes()),
    plain: (x) => neg(log(sum(mul(plainSoftmax(x!), oneHot(classes() as Tensor1D, 4)), 1))),
  },
  {
    name: 'cross-entropy of probabilities',
    shapes: [[3, 4]],
    apply: (x) => softmaxCrossEntropy(x!, shares()),
    plain: (x) => neg(sum(mul(log(plainSoftmax(x!)), shares()), 1)),
  },
  {
    name: 'cross-entropy of a sigmoid',
    shapes: [[3, 4]],
    apply: (x) => sigmoidCrossEntropy(x!, shares()),
    plain: (x) => sub(log1p(exp(x!)), mul(x!, shares())),
  },
  {
    name: 'attention',
    shapes: [
      [2, 2, 5, 3],
      [2, 2, 4, 3],
      [2, 2, 4, 6],
    ],
    apply: (q, k, v) => attention(q!, k!, v!),
    plain: (q, k, v) => plainAttention(undefined)(q!, k!, v!),
  },
  {
    name: 'attention, masked',
    shapes: [
      [2, 2, 4, 3],
      [2, 2, 4, 3],
      [2, 2, 4, 3],
    ],
    apply: (q, k, v) => attention(q!, k!, v!, { causal: true, mask: fill([4, 4], 60) }),
    plain: (q, k, v) => {
      const hidden = [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].map((j) => (j > i ? -1e9 : 0)));
      return plainAttention(add(fill([4, 4], 60), reshape(tensor1d(hidden), [4, 4])))(q!, k!, v!);
    },
  },
  {
    name: 'linked attention of 2 heads, 4 queries, 5 keys',
    shapes: [
      [2, 4, 6],
      [2, 5, 6],
      [2, 5, 4],
      [2, 4, 5],
    ],
    apply: (q, k, v, links) => linkedAttention(q!, k!, v!, links!, 2),
    plain: (q, k, v, links) => plainHeads(q!, k!, v!, 2, reshape(links!, [2, 1, 4, 5])),
  },
  ...(
    [
      [2, 3, 4, 5, 6, 2],
      [1, 9, 33, 32, 40, 1],
      [3, 8, 17, 4, 4, 3],
      [2, 13, 19, 16, 50, 2],
    ] as const
  ).map(
    ([batch, queries, keys, width, outputs, heads]): DifferentiableOp => ({
      name: `attention of ${heads} heads, ${queries} queries, ${keys} keys`,
      shapes: [
        [batch, queries, heads * width],
        [batch, keys, heads * width],
        [batch, keys, heads * outputs],
      ],
      apply: (q, k, v) => attentionOfHeads(q!, k!, v!, { heads }),
      plain: (q, k, v) => plainHeads(q!, k!, v!, heads),
    }),
  ),
  ...[
    [2, 5, 3, 2],
    [1, 34, 32, 1],
  ].map(
    ([batch, length, width, heads]): DifferentiableOp => ({
      name: `self-attention of ${heads} heads, ${length} places`,
      shapes: [[batch!, length!, 3 * heads! * width!]],
      apply: (packed) => selfAttention(packed!, heads!),
      plain: (packed) => {
        const [q, k, v] = split(packed!, 3, -1);
        return plainHeads(q!, k!, v!, heads!);
      },
    }),
  ),
];

function plainHeads(q: Tensor, k: Tensor, v: Tensor, heads: number, mask?: Tensor): Tensor {
  const [query, key, value] = [q, k, v].map((x) =>
    transpose(reshape(x, [x.shape[0]!, x.shape[1]!, heads, x.shape[2]! / heads]), [0, 2, 1, 3]),
  );
  const mixed = transpose(plainAttention(mask)(query!, key!, value!), [0, 2, 1, 3]);
  return reshape(mixed, [q.shape[0]!, q.shape[1]!, v.shape[2]!]);
}

const pools: readonly DifferentiableOp[] = [
  {
    name: 'max pooling',
    kinks: true,
    shapes: [[2, 6, 4, 3]],
    apply: (x) => maxPool(x!, { size: 2 }),
    plain: (x) => maxPoolOfCore(x as Tensor4D, 2, 2, 'valid'),
  },
  {
    name: 'max pooling, overlapping',
    kinks: true,
    shapes: [[2, 5, 5, 2]],
    apply: (x) => maxPool(x!, { size: 3, stride: 2, padding: 'same' }),
    plain: (x) => maxPoolOfCore(x as Tensor4D, 3, 2, 'same'),
  },
  {
    name: 'average pooling',
    shapes: [[2, 5, 5, 3]],
    apply: (x) => averagePool(x!, { size: 2, stride: 1, padding: 'same' }),
    // The core's gradient of padded windows is wrong; the last row and column have windows of their own.
    plain: (x) => {
      const windows = [0, 1].flatMap((down) =>
        [0, 1].map((right) => slice(x!, [0, down, right, 0], [2, 4, 4, 3])),
      );
      const inner = div(addN(windows), 4);
      const bottom = avgPool(slice(x!, [0, 4, 0, 0], [2, 1, 5, 3]) as Tensor4D, [1, 2], 1, 'valid');
      const side = avgPool(slice(x!, [0, 0, 4, 0], [2, 5, 1, 3]) as Tensor4D, [2, 1], 1, 'valid');
      const corner = slice(x!, [0, 4, 4, 0], [2, 1, 1, 3]);
      return concat([concat([inner, bottom], 1), concat([side, corner], 1)], 2);
    },
  },
  {
    name: 'global average pooling',
    shapes: [[2, 5, 4, 3]],
    apply: (x) => globalAveragePool(x!),
    plain: (x) => mean(x!, [1, 2]),
  },
];

/** All ops whose gradients are ours, on inputs small enough for finite differences. */
export const differentiableOps: readonly DifferentiableOp[] = [
  ...elementwise,
  ...products,
  ...norms,
  ...normalised,
  ...pools,
];
