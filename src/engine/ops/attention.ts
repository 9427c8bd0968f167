import {
  add,
  expandDims,
  matMul,
  mul,
  reshape,
  split,
  type Tensor,
  tensor,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import {
  attentionGradientKernel,
  attentionKernel,
  linkedAttentionGradientKernel,
  linkedAttentionKernel,
  selfAttentionGradientKernel,
  selfAttentionKernel,
} from '../kernels/names.js';
import { softmax } from './softmax.js';
import { isAvailable, runKernel, runKernels } from './support/available.js';
import { withGradient } from './support/with-gradient.js';

export interface AttentionOptions {
  /** Added to the scores; broadcast to `[..., queries, keys]`. Large and negative where a key must not be seen. */
  readonly mask?: Tensor;
  /** Query i sees keys 0 to i only. */
  readonly causal?: boolean;
}

/** What a score of an unseen key is lowered by: its weight is exactly zero, and all numbers stay finite. */
const unseen = -1e9;

/**
 * Scaled dot-product attention (Vaswani et al., 2017): softmax(q·kᵀ/√width)·v, for `query` `[..., queries, width]`,
 * `key` `[..., keys, width]`, `value` `[..., keys, outputs]`, to `[..., queries, outputs]`.
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { mask, causal = false }: AttentionOptions = {},
): Tensor {
  const width = query.shape.at(-1)!;
  let scores = matMul(mul(query, 1 / Math.sqrt(width)), key, false, true);
  if (mask !== undefined) scores = add(scores, mask);
  if (causal) scores = add(scores, causalMask(query.shape.at(-2)!, key.shape.at(-2)!));
  return matMul(softmax(scores), value);
}

/**
 * The same for `heads` that lie side by side: `query` `[batch, queries, heads·width]`, `key` `[batch, keys,
 * heads·width]`, `value` `[batch, keys, heads·outputs]`, to `[batch, queries, heads·outputs]`. A mask is broadcast to
 * `[batch, heads, queries, keys]`.
 */
export function attentionOfHeads(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { heads, ...options }: AttentionOptions & { readonly heads: number },
): Tensor {
  const plain = options.mask === undefined && options.causal !== true;
  if (plain && isAvailable(attentionKernel)) return attentionAtOnce(query, key, value, heads);
  const part = (x: Tensor) => {
    const [batch, length, width] = x.shape as [number, number, number];
    return transpose(reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
  };
  const mixed = transpose(attention(part(query), part(key), part(value), options), [0, 2, 1, 3]);
  return reshape(mixed, [...query.shape.slice(0, 2), value.shape.at(-1)!]);
}

/**
 * The same with `links` `[batch, queries, keys]`, or `[queries, keys]` for all examples, added to the scores of every head.
 */
export function linkedAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  links: Tensor,
  heads: number,
): Tensor {
  if (!isAvailable(linkedAttentionKernel)) {
    return attentionOfHeads(query, key, value, { heads, mask: expandDims(links, -3) });
  }
  const each = links.rank === 3 ? links : add(links, zeros([query.shape[0]!, 1, 1]));
  const attributes = { heads, scale: 1 / Math.sqrt(query.shape.at(-1)! / heads) };
  return withGradient(
    'attention',
    [query, key, value, each],
    () => {
      const inputs = { query, key, value, links: each };
      const [mixed, weights] = runKernels(linkedAttentionKernel, inputs, attributes);
      return { value: mixed!, saved: [query, key, value, weights!] };
    },
    (dy, q, k, v, weights) => {
      const inputs = { dy, query: q!, key: k!, value: v!, weights: weights! };
      return runKernels(linkedAttentionGradientKernel, inputs, attributes);
    },
  );
}

function attentionAtOnce(query: Tensor, key: Tensor, value: Tensor, heads: number): Tensor {
  const attributes = { heads, scale: 1 / Math.sqrt(query.shape.at(-1)! / heads) };
  return withGradient(
    'attention',
    [query, key, value],
    () => {
      const [mixed, weights] = runKernels(attentionKernel, { query, key, value }, attributes);
      return { value: mixed!, saved: [query, key, value, weights!] };
    },
    (dy, q, k, v, weights) => {
      const inputs = { dy, query: q!, key: k!, value: v!, weights: weights! };
      return runKernels(attentionGradientKernel, inputs, attributes);
    },
  );
}

/** Whether `selfAttention` cuts nothing out of its array here. */
export function hasSelfAttention(): boolean {
  return isAvailable(selfAttentionKernel);
}

/**
 * Attention of `heads` heads without a mask, whose query, key and value lie side by side: `packed` `[batch, length,
 * 3·heads·width]` to `[batch, length, heads·width]`.
 */
export function selfAttention(packed: Tensor, heads: number): Tensor {
  if (!hasSelfAttention()) {
    const [query, key, value] = split(packed, 3, -1);
    return attentionOfHeads(query!, key!, value!, { heads });
  }
  const attributes = { heads, scale: 1 / Math.sqrt(packed.shape.at(-1)! / (3 * heads)) };
  return withGradient(
    'attention',
    [packed],
    () => {
      const [mixed, weights] = runKernels(selfAttentionKernel, { packed }, attributes);
      return { value: mixed!, saved: [packed, weights!] };
    },
    (dy, input, weights) => {
      const inputs = { dy, packed: input!, weights: weights! };
      return [runKernel(selfAttentionGradientKernel, inputs, attributes)];
    },
  );
}

function causalMask(queries: number, keys: number): Tensor {
  const values = Float32Array.from({ length: queries * keys }, (_, index) =>
    index % keys > Math.floor(index / keys) ? unseen : 0,
  );
  return tensor(values, [queries, keys]);
}
