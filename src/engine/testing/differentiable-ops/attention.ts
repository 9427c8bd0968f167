import { add, div, matMul, reshape, split, type Tensor, tensor1d, transpose } from '@tensorflow/tfjs-core';
import { attention, attentionOfHeads, linkedAttention, selfAttention } from '../../ops/attention.js';
import { fill } from '../backends.js';
import type { DifferentiableOp } from './differentiable-op.js';
import { plainSoftmax } from './plain-softmax.js';

const plainAttention = (mask: Tensor | undefined) => (q: Tensor, k: Tensor, v: Tensor) => {
  const scores = div(matMul(q, transpose(k, [0, 1, 3, 2])), Math.sqrt(q.shape.at(-1)!));
  return matMul(plainSoftmax(mask === undefined ? scores : add(scores, mask)), v);
};

function plainHeads(q: Tensor, k: Tensor, v: Tensor, heads: number, mask?: Tensor): Tensor {
  const [query, key, value] = [q, k, v].map((x) =>
    transpose(reshape(x, [x.shape[0]!, x.shape[1]!, heads, x.shape[2]! / heads]), [0, 2, 1, 3]),
  );
  const mixed = transpose(plainAttention(mask)(query!, key!, value!), [0, 2, 1, 3]);
  return reshape(mixed, [q.shape[0]!, q.shape[1]!, v.shape[2]!]);
}

export const attentions: readonly DifferentiableOp[] = [
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
