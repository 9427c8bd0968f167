import {
  add,
  cast,
  equal,
  less,
  logicalAnd,
  logicalOr,
  matMul,
  mean,
  minimum,
  mul,
  range,
  reshape,
  type Scalar,
  squaredDifference,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { constantOf, detached } from '../../../engine/ops/detached.js';
import type { Objective } from '../../objective.js';
import { partPrefix, statePrefix } from '../../own-parameters.js';
import { sameTarget } from '../alignment/cad.js';
import { drawn } from '../draws.js';
import { type EnvironmentHead, logitsOf, risks } from '../risks.js';
import { createProjection } from './projection.js';

export interface SelfRegOptions {
  /** Whether the projection is trained; in DomainBed no optimiser has it, and it stays as it starts. */
  readonly train_projection: boolean;
}

/** Weight of the features beside the logits. */
const featureWeight = 0.3;

/**
 * SelfReg (Kim, Yoo, Park, Kim & Lee, Self-supervised Contrastive Regularization for Domain Generalization, ICCV 2021): every
 * example is to be answered as two others of its class, which lots decide, and as their mixture. With z the logits, h the
 * features and c their projection, z' and c' of the first partner, z° = λ z' + (1 − λ) z'' and c° likewise,
 *
 *     R + min(sg R, 1) [λ (mse(z, z') + 0.3 mse(h, c')) + (1 − λ) (mse(z, z°) + 0.3 mse(h, c°))],
 *
 * R being the mean risk, and sg a constant of that value. λ is `batch['draws/share']` `[1]`, lots are
 * `batch['draws/first']` and `batch['draws/second']` `[environments × examples]`: the partner of the r-th example of a
 * class is the one that has drawn its r-th smallest lot.
 *
 * Of `outputs.features` `[environments × examples, width]` besides prediction and target.
 * @param width Of the features.
 */
export function createSelfReg(
  { train_projection }: SelfRegOptions,
  of: EnvironmentHead,
  width: number,
): Objective {
  const projection = createProjection(`${train_projection ? partPrefix : statePrefix}projection`, width);
  return {
    [train_projection ? 'parts' : 'state']: projection.parameters,
    loss(outputs, batch, _, { all }) {
      const [z, h] = [logitsOf(of, outputs), outputs.features!];
      const c = projection.apply(all, h);
      const same = detached(() => sameTarget(batch));
      const [first, second] = [drawn.first, drawn.second].map((name) =>
        detached(() => partners(same, batch[name]!)),
      ) as [Tensor, Tensor];
      const share = reshape(batch[drawn.share]!, []);
      const mixture = add(mul(first, share), mul(second, sub(1, share)));
      const apart = (chosen: Tensor) =>
        add(
          mean(squaredDifference(z, matMul(chosen, z))),
          mul(mean(squaredDifference(h, matMul(chosen, c))), featureWeight),
        );
      const risk = mean<Scalar>(risks(of, outputs, batch));
      const penalty = add(mul(apart(first), share), mul(apart(mixture), sub(1, share)));
      return add<Scalar>(risk, mul(minimum(constantOf(risk), 1), penalty));
    },
  };
}

/** `[rows, rows]`: in row i a 1 at its partner, which is of its class (`same`). */
function partners(same: Tensor, lots: Tensor): Tensor {
  const rows = lots.shape[0]!;
  const places = range(0, rows, 1, 'float32');
  const [row, column] = [reshape(places, [rows, 1]), reshape(places, [1, rows])];
  const [own, other] = [reshape(lots, [rows, 1]), reshape(lots, [1, rows])];
  const earlier = less(column, row);
  const smaller = logicalOr(less(other, own), logicalAnd(equal(other, own), earlier));
  const rank = (before: Tensor) => sum(mul(same, cast(before, 'float32')), 1);
  const meet = equal(reshape(rank(earlier), [rows, 1]), reshape(rank(smaller), [1, rows]));
  return mul(same, cast(meet, 'float32'));
}
