import {
  addN,
  argMax,
  cast,
  div,
  fill,
  matMul,
  mean,
  mul,
  oneHot,
  reshape,
  type Scalar,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tile,
} from '@tensorflow/tfjs-core';
import { detached } from '../../../engine/ops/detached.js';
import type { Loss } from '../../objective.js';
import { kernelDistance } from '../alignment/kernel-distance.js';
import { type EnvironmentHead, exampleLosses } from '../risks.js';

/** The factors g of exp(−g d²) that DomainBed adds up for losses. */
const scales: readonly number[] = [1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3];

/**
 * Risk distribution matching (Nguyen, Do, Duong & Nguyen, Domain Generalisation via Risk Distribution Matching, WACV 2024):
 * the losses of the environment of the highest mean risk, the worst, are to be distributed as those of all,
 *
 *     mean_e R_e + λ MMD²(losses of the worst, losses of all) + ν (Var(all) + Var(worst)),
 *
 * with unbiased variances and the kernel of `kernelDistance`; `numbers.matching` is λ and `numbers.variance` ν, both 0
 * before the penalty begins. Of `outputs.prediction` `[environments × examples, outputs]` and `batch.target`
 * `[environments × examples, 1]`.
 */
export function createRdm(of: EnvironmentHead): Loss {
  return (outputs, batch, numbers) => {
    const losses = exampleLosses(of, outputs, batch);
    const [environments, examples] = losses.shape as [number, number];
    const rows = environments * examples;
    const worst = detached(() => {
      const highest = argMax(mean(losses, 1)) as Tensor1D;
      return cast(oneHot(reshape(highest, [1]), environments), 'float32');
    });
    const shares = detached(() => {
      const own = tile(div(reshape(worst, [environments, 1]), examples), [1, examples]);
      return stack([reshape(own, [rows]), fill([rows], 1 / rows)]);
    });
    const matching = kernelDistance(reshape(losses, [rows, 1]), shares, scales);
    const spread = addN([
      varianceOf(reshape(losses, [rows])),
      varianceOf(reshape(matMul(worst, losses), [examples])),
    ]);
    return addN([
      mean<Scalar>(losses),
      mul<Scalar>(matching, numbers.matching!),
      mul<Scalar>(spread, numbers.variance!),
    ]);
  };
}

/** Unbiased, of `[n]`. */
function varianceOf(values: Tensor): Tensor {
  return div(sum(square(sub(values, mean(values)))), values.shape[0]! - 1);
}
