import type { HeadRule } from '../decisions.js';

/** One output of a linear layer: its weights over the last hidden layer, and its bias. */
export interface HeadRow {
  readonly weights: Float32Array | Float64Array;
  readonly bias: number;
}

/**
 * The one row whose output is f + b g + c: w_f + b w_g, and b_f + b b_g + c. An identity, not an approximation; summed in
 * Float64 and rounded once where the row is stored in Float32. OxonFair writes thresholds t and decides f − t g ≥ 0: its
 * t is −b, and people exactly on the line are positive there and negative here.
 */
export function mergeHeads(target: HeadRow, group: HeadRow, { b, c }: HeadRule): HeadRow {
  return mergeGroupHeads(target, [group], [-b], c);
}

/** The one row whose output is f − Σ t_k g_k + c, of one group head for each group. */
export function mergeGroupHeads(
  target: HeadRow,
  groups: readonly HeadRow[],
  t: readonly number[],
  c: number,
): HeadRow {
  if (groups.length !== t.length) throw new RangeError(`${t.length} thresholds of ${groups.length} heads`);
  const weights = Float64Array.from(target.weights);
  let bias = target.bias + c;
  for (const [k, head] of groups.entries()) {
    if (head.weights.length !== weights.length) {
      throw new RangeError(`a row of ${head.weights.length} weights beside one of ${weights.length}`);
    }
    for (let i = 0; i < weights.length; i++) weights[i]! -= t[k]! * head.weights[i]!;
    bias -= t[k]! * head.bias;
  }
  return { weights, bias };
}

/**
 * The same decisions, written for a group head whose output is `offset` larger: f + b (g − offset) + c. Predictions store
 * a group head that was trained on 0 and 1 as g − 1/2, so a rule found on them is moved by 1/2 before it meets the net.
 */
export function moveHead({ b, c }: HeadRule, offset: number): HeadRule {
  return { b, c: c - b * offset };
}
