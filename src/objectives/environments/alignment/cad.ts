import {
  add,
  cast,
  div,
  equal,
  exp,
  eye,
  greater,
  log,
  matMul,
  max,
  maximum,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { detached } from '../../../engine/ops/detached.js';
import type { Loss } from '../../objective.js';
import { createWeighed } from '../penalised.js';
import type { EnvironmentHead } from '../risks.js';
import { evenShares } from './kernel-distance.js';

/** The temperature by which the penalty is scaled (Khosla et al. 2020). */
const base = 0.07;

/** Stands for minus infinity, of which no difference is taken. */
const far = 1e30;

/**
 * Contrastive adversarial domain bottleneck, CAD (Ruan, Dubois & Maddison, Optimal Representations for Covariate Shift, ICLR
 * 2022, the flipped form, as in DomainBed): the mean risk + `numbers.strength` × L,
 *
 *     L = −(T / 0.07) mean_i log [Σ_{j: e_j ≠ e_i} exp(h_i·h_j / T) / Σ_{j ≠ i} exp(h_i·h_j / T)],
 *
 * over the examples i of which another one has the label; `numbers.temperature` is T. With `conditional` (CondCAD) both
 * sums go over examples of the label of i, and i over those that have one in another environment.
 *
 * Of `outputs.features` `[environments × examples, width]` besides prediction and target.
 */
export function createCad(conditional: boolean, of: EnvironmentHead): Loss {
  return createWeighed(of, ({ features }, batch, numbers) => {
    const rows = features!.shape[0]!;
    const others = sub(1, eye(rows));
    const alike = mul(sameTarget(batch), others);
    const pool = conditional ? alike : others;
    const wanted = mul(pool, apart(of, rows));
    const usable = cast(greater(sum(conditional ? wanted : alike, 1), 0), 'float32');
    const temperature = numbers.temperature!;
    const similarity = div(matMul(features!, features!, false, true), temperature);
    const each = sub(logSumExpOf(similarity, pool), logSumExpOf(similarity, wanted));
    const share = div(sum(mul(each, usable)), maximum(sum(usable), 1));
    return mul(share, div(temperature, base));
  });
}

/** `[rows, rows]`: 1 where two rows have one target. */
export function sameTarget({ target }: TensorMap): Tensor {
  return cast(equal(target!, transpose(target!)), 'float32');
}

/** `[rows, rows]`: 1 where two rows are of different environments. */
function apart({ environments }: EnvironmentHead, rows: number): Tensor {
  return detached(() => {
    const shares = evenShares(environments, rows);
    return sub(1, mul(matMul(shares, shares, true), (rows / environments) ** 2));
  });
}

/** The logarithm of each row's sum of exponentials where `mask` is 1; 0 of a row of which nothing counts. */
function logSumExpOf(values: Tensor, mask: Tensor): Tensor {
  const [largest, empty] = detached(() => {
    const none = sub(1, cast(greater(sum(mask, 1), 0), 'float32'));
    return [max(sub(mul(values, mask), mul(sub(1, mask), far)), 1, true), none] as const;
  });
  const raised = mul(exp(mul(sub(values, largest), mask)), mask);
  const counted = sub(1, empty);
  return add(log(add(sum(raised, 1), empty)), mul(reshape(largest, [-1]), counted));
}
