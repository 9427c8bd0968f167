import {
  add,
  expm1,
  log,
  log1p,
  maximum,
  mul,
  neg,
  reshape,
  softplus,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/numbers/shape.js';
import { biasAddGradient } from '../../../engine/ops/bias-add.js';
import { withGradient } from '../../../engine/ops/support/with-gradient.js';
import { leastProbability } from './links.js';

/**
 * log K of links K = sigmoid((logit P + logit U)/T), drawn from a relaxed Bernoulli distribution (Maddison et al., 2017)
 * for every example: `logits` `[receivers, senders]` (or with a batch axis), `uniform` `[batch, receivers, senders]` in
 * [0, 1), to the shape of the latter. No gradient of `uniform`.
 *
 * It is −softplus(−z), finite wherever z is; its slope is 1 − K, which is −expm1(log K).
 */
export function sampleLogLinks(logits: Tensor, uniform: Tensor, temperature: number): Tensor {
  return withGradient(
    'sampled links',
    [logits],
    () => {
      const drawn = maximum(uniform, leastProbability);
      const noise = sub(log(drawn), log1p(neg(drawn)));
      const value = neg(softplus(mul(add(logits, noise), -1 / temperature)));
      return { value, saved: [value] };
    },
    (dy, value) => {
      const gradient = mul(mul(dy, expm1(value!)), -1 / temperature);
      if (logits.rank === uniform.rank) return [gradient];
      return [reshape(biasAddGradient(reshape(gradient, [-1, sizeOf(logits.shape)])), logits.shape)];
    },
  );
}
