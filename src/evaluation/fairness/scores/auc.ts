import { foldAround } from '../intervals.js';
import { criticalValue } from '../normal-quantile.js';
import type { ScoredGroup } from './group-scores.js';
import type { ScoreMeasure } from './score-definition.js';

interface Area {
  readonly value: number;
  /** Of DeLong et al. (1988). */
  readonly variance: number;
}

/** Area under a group's ROC curve, ties counting a half; NaN where one class has nobody. */
export function areaUnderRoc({ scores, truth, weights }: ScoredGroup): Area {
  let [positives, negatives] = [0, 0];
  for (let at = 0; at < scores.length; at++) {
    if (truth[at] === 1) positives += weights[at]!;
    else negatives += weights[at]!;
  }
  let [below, positivesBelow] = [0, 0];
  let [sum, squares, squaresOfNegatives] = [0, 0, 0];
  for (let start = 0; start < scores.length; ) {
    let [own, others] = [0, 0];
    let end = start;
    for (; end < scores.length && scores[end] === scores[start]; end++) {
      if (truth[end] === 1) own += weights[end]!;
      else others += weights[end]!;
    }
    // The share of negatives below these positives, and of positives above these negatives.
    const placement = (below + others / 2) / negatives;
    const placementOfNegatives = 1 - (positivesBelow + own / 2) / positives;
    sum += own * placement;
    squares += own * placement * placement;
    squaresOfNegatives += others * placementOfNegatives * placementOfNegatives;
    below += others;
    positivesBelow += own;
    start = end;
  }
  const value = sum / positives;
  const spread = (total: number, n: number) => Math.max(0, total - n * value * value) / (n - 1) / n;
  return { value, variance: spread(squares, positives) + spread(squaresOfNegatives, negatives) };
}

/** Absolute difference of the groups' areas under the ROC curve. */
export const aucGap: ScoreMeasure = {
  compute: ({ groups: [zero, one] }) => Math.abs(areaUnderRoc(one).value - areaUnderRoc(zero).value),
  bounds({ groups }, level) {
    const [zero, one] = groups.map(areaUnderRoc);
    const half = criticalValue(level) * Math.sqrt(zero!.variance + one!.variance);
    const difference = one!.value - zero!.value;
    if (!(half > 0 && Number.isFinite(half))) return undefined;
    return foldAround({ low: difference - half, high: difference + half });
  },
  method: 'folded DeLong',
};
