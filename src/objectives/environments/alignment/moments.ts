import { add, div, matMul, mean, mul, reshape, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';

/** Means `[groups, width]` and unbiased covariances `[groups, width, width]` of the rows of groups. */
export interface Moments {
  readonly means: Tensor;
  readonly covariances: Tensor;
}

/** Of `[groups, rows, width]`, 2 or more rows of each. */
export function momentsOf(groups: Tensor): Moments {
  const means = mean(groups, 1, true);
  const centred = sub(groups, means);
  const covariances = div(matMul(centred, centred, true), groups.shape[1]! - 1);
  return { means: reshape(means, [groups.shape[0]!, groups.shape[2]!]), covariances };
}

/**
 * Of groups of one table of rows `[rows, width]`; `members` `[groups, rows]` has 1 where a row belongs to a group, and
 * `counts` `[groups]` their sums, 2 or more.
 */
export function momentsOfMembers(rows: Tensor, members: Tensor, counts: Tensor): Moments {
  const [groups, width] = [members.shape[0]!, rows.shape[1]!];
  const means = div(matMul(members, rows), reshape(counts, [groups, 1]));
  const centred = sub(reshape(rows, [1, -1, width]), reshape(means, [groups, 1, width]));
  const own = mul(centred, reshape(members, [groups, -1, 1]));
  const covariances = div(matMul(own, own, true), reshape(sub(counts, 1), [groups, 1, 1]));
  return { means, covariances };
}

/**
 * The distance of Deep CORAL (Sun & Saenko, ECCV workshops 2016) as DomainBed has it, with means beside covariances and
 * means of elements in place of sums: the mean over all pairs of groups of
 *
 *     mean_j (μ_j − μ'_j)² + mean_jl (C_jl − C'_jl)².
 */
export function momentDistance({ means, covariances }: Moments): Tensor {
  return add(meanPairDistance(means), meanPairDistance(covariances));
}

/** Mean over the pairs of `[groups, ...]` of their mean squared difference: 2 / (groups − 1) × squares about the mean. */
function meanPairDistance(values: Tensor): Tensor {
  const groups = values.shape[0]!;
  const each = reshape(values, [groups, -1]);
  return mul(mean(sum(square(sub(each, mean(each, 0, true))), 0)), 2 / (groups - 1));
}
