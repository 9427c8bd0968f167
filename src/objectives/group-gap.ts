import {
  abs,
  add,
  div,
  maximum,
  mean,
  min,
  minimum,
  mul,
  reshape,
  type Scalar,
  square,
  sub,
  sum,
  type Tensor,
  tensor2d,
} from '@tensorflow/tfjs-core';
import { membership } from './groups.js';

/** By what a gap between groups is measured. */
export type Regulariser = 'squared' | 'absolute' | 'equal_opportunity' | 'equalized_odds';

/** All of one batch. */
export interface Treatment {
  /** Probability of the positive answer, `[batch, 1]`. */
  readonly probability: Tensor;
  /** Level index of the protected variable, `[batch]`. */
  readonly group: Tensor;
  /** 1 where the positive answer is right, else 0, `[batch, 1]`. */
  readonly truth: Tensor;
  /** Levels of the protected variable, 2 or more. */
  readonly groups: number;
}

/**
 * How differently groups are answered, in [0, 1]; m_g is the mean probability of the positive answer in group g:
 *
 * | regulariser         | of two groups                                         | among          |
 * |---------------------|-------------------------------------------------------|----------------|
 * | `squared`           | (m_1 − m_0)², regulariser (2) of Lohaus et al. (2022) | all            |
 * | `absolute`          | \|m_1 − m_0\|, regulariser (3)                        | all            |
 * | `equal_opportunity` | (m_1 − m_0)²                                          | truth 1        |
 * | `equalized_odds`    | (m_1 − m_0)², the mean of two                         | truth 1, and 0 |
 *
 * Of more groups it is the mean over them of (m_g − m)², or of |m_g − m|, where m is the mean among all of these
 * examples. Where one of the groups has no example among them, the value is 0, and so is the gradient.
 */
export function measureGap({ probability, group, truth, groups }: Treatment, by: Regulariser): Scalar {
  const member = membership(group, groups);
  const measure = by === 'absolute' ? abs : square;
  const among = (examples: Tensor) => gapAmong(probability, examples, groups, measure);
  switch (by) {
    case 'squared':
    case 'absolute':
      return among(member);
    case 'equal_opportunity':
      return among(mul(member, truth));
    case 'equalized_odds':
      return div(add(among(mul(member, truth)), among(mul(member, sub(1, truth)))), 2);
  }
}

/** @param member 1 where an example is of a group and counts, else 0, `[batch, groups]`. */
function gapAmong(
  probability: Tensor,
  member: Tensor,
  groups: number,
  measure: (difference: Tensor) => Tensor,
): Scalar {
  const counts = sum(member, 0);
  const totals = sum(mul(probability, member), 0);
  const means = div(totals, maximum(counts, 1));
  // One where every group has an example, else zero.
  const present = min(minimum(counts, 1));
  if (groups === 2) {
    const signs = tensor2d([-1, 1], [1, 2]);
    return mul(measure(sum(mul(reshape(means, [1, 2]), signs))), present);
  }
  const overall = div(sum(totals), maximum(sum(counts), 1));
  return mul(mean(measure(sub(means, overall))), present);
}
