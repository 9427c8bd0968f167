import {
  add,
  div,
  exp,
  eye,
  log,
  matMul,
  maximum,
  minimum,
  mul,
  neg,
  rsqrt,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { detached } from '../../../engine/ops/detached.js';

const temperature = 0.07;
/** Keeps shares of nothing from being divided by, and their logarithm finite. */
const tiny = 1e-5;
/** Keeps a row of nothing from being divided by its length. */
const short = 1e-24;

/**
 * Supervised contrast of rows x `[rows, width]` (Khosla et al., NeurIPS 2020) as ADRMX has it in DomainBed:
 *
 *     −Σ_i mean_(j alike i) log(share_ij + 1e-5) / (N + 1),  share_ij = t_ij / (Σ_(k≠i) t_ik + 1e-5),
 *     t_ij = ½ exp(cos(x_i, x_j) / 0.07),
 *
 * over the N rows that another one is alike, that is of the same class.
 * @param classes One-hot `[rows, classes]`.
 */
export function contrast(x: Tensor, classes: Tensor): Scalar {
  const unit = mul(x, rsqrt(maximum(sum(square(x), 1, true), short)));
  const likeness = mul(exp(div(matMul(unit, unit, false, true), temperature)), 0.5);
  const { others, alike, counts, rows } = detached(() => {
    const others = sub(1, eye(x.shape[0]!));
    const alike = mul(matMul(classes, classes, false, true), others);
    const counts = sum(alike, 1);
    return { others, alike, counts, rows: sum(minimum(counts, 1)) };
  });
  const shares = div(likeness, add(sum(mul(likeness, others), 1, true), tiny));
  const logs = sum(mul(log(add(shares, tiny)), alike), 1);
  return neg(div(sum(div(logs, maximum(counts, 1))), add(rows, 1))) as Scalar;
}
