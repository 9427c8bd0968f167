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
  const measure = by === 'absolute' ? abs : square;
  const among =
    groups === 2
      ? amongTwo({ probability, group, measure })
      : amongMany({ probability, group, groups, measure });
  switch (by) {
    case 'squared':
    case 'absolute':
      return among();
    case 'equal_opportunity':
      return among(truth);
    case 'equalized_odds':
      return div(add(among(truth), among(sub(1, truth))), 2);
  }
}

type Measure = (difference: Tensor) => Tensor;
/** The gap among those who count: 1 where an example does, else 0, `[batch, 1]`; all do without. */
type Among = (counting?: Tensor) => Scalar;

/** The difference of two means is one sum, to which every example adds its share of one of them. */
function amongTwo({
  probability,
  group,
  measure,
}: Pick<Treatment, 'probability' | 'group'> & { readonly measure: Measure }): Among {
  const second = reshape(group, [-1, 1]);
  return (counting) => {
    const ones = counting === undefined ? second : mul(second, counting);
    const zeros = sub(counting ?? 1, ones);
    const [n1, n0] = [sum(ones), sum(zeros)];
    const shares = sub(div(ones, maximum(n1, 1)), div(zeros, maximum(n0, 1)));
    // One where both groups have an example, else zero.
    const present = minimum(minimum(n0, n1), 1);
    return mul(measure(sum(mul(probability, shares))), present);
  };
}

function amongMany({
  probability,
  group,
  groups,
  measure,
}: Omit<Treatment, 'truth'> & { readonly measure: Measure }): Among {
  const all = membership(group, groups);
  return (counting) => gapAmong(probability, counting === undefined ? all : mul(all, counting), measure);
}

/** @param member 1 where an example is of a group and counts, else 0, `[batch, groups]`. */
function gapAmong(probability: Tensor, member: Tensor, measure: Measure): Scalar {
  const counts = sum(member, 0);
  const totals = sum(mul(probability, member), 0);
  const means = div(totals, maximum(counts, 1));
  // One where every group has an example, else zero.
  const present = min(minimum(counts, 1));
  const overall = div(sum(totals), maximum(sum(counts), 1));
  return mul(mean(measure(sub(means, overall))), present);
}
