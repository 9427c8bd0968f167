import { add, matMul, mul, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { softmax } from './softmax.js';

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

function causalMask(queries: number, keys: number): Tensor {
  const values = Float32Array.from({ length: queries * keys }, (_, index) =>
    index % keys > Math.floor(index / keys) ? unseen : 0,
  );
  return tensor(values, [queries, keys]);
}
