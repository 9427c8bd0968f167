import {
  clipByValue,
  div,
  exp,
  expm1,
  fill,
  greater,
  log,
  matMul,
  maximum,
  mul,
  neg,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  where,
} from '@tensorflow/tfjs-core';
import { withGradient } from '../../../engine/ops/support/with-gradient.js';

export interface KernelOptions {
  /** Distance beyond which modules are not linked, in [0, 2]; null: none. */
  readonly truncation: number | null;
}

/** Added to the scores of a module that is not heard: its weight is exactly zero, and all numbers stay finite. */
const unlinked = -1e9;
/** The smallest probability that a link is sampled with: one float32 step below 1. */
export const leastProbability = 2 ** -23;

/**
 * Cosine distances 1 − cos between signatures, in [0, 2]: `a` `[..., receivers, width]`, `b` `[..., senders, width]` to
 * `[..., receivers, senders]`.
 */
export function distances(a: Tensor, b: Tensor): Tensor {
  return sub(1, matMul(normalise(a), a === b ? normalise(a) : normalise(b), false, true));
}

function normalise(x: Tensor): Tensor {
  return mul(x, rsqrt(maximum(sum(square(x), -1, true), 1e-16)));
}

/** P = exp(−d/ε), zero beyond the truncation: the probability that one module hears another. */
export function linkProbabilities(
  distance: Tensor,
  bandwidth: Tensor,
  { truncation }: KernelOptions,
): Tensor {
  return truncate(exp(neg(div(distance, bandwidth))), distance, truncation, 0);
}

/** What the scores of attention are lowered by in evaluation: log P. */
export function logProbabilities(distance: Tensor, bandwidth: Tensor, { truncation }: KernelOptions): Tensor {
  return truncate(neg(div(distance, bandwidth)), distance, truncation, unlinked);
}

/**
 * log(P / (1 − P)), with P kept within float32's reach of 0 and 1, as PyTorch does for its relaxed Bernoulli
 * distribution; what is truncated has the smallest P.
 */
export function linkLogits(distance: Tensor, bandwidth: Tensor, { truncation }: KernelOptions): Tensor {
  const least = Math.log(leastProbability);
  const most = Math.log1p(-leastProbability);
  const logs = clipByValue(neg(div(distance, bandwidth)), least, most);
  const kept = truncate(logs, distance, truncation, least);
  return sub(kept, log(neg(expm1(kept))));
}

/** Values of pairs beyond the truncation become `beyond`, and have no gradient. */
export function truncate(value: Tensor, distance: Tensor, truncation: number | null, beyond: number): Tensor {
  if (truncation === null) return value;
  return withGradient(
    'truncation',
    [value],
    () => {
      const far = greater(distance, truncation);
      return { value: where(far, fill(value.shape, beyond), value), saved: [far] };
    },
    (dy, far) => [where(far!, fill(dy.shape, 0), dy)],
  );
}
