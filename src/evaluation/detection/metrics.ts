/** How well examples of another distribution are told; all numbers from 0 to 1. */
export interface Detection {
  /** Share of pairs in which the example of the other distribution scores lower; of equal scores half. */
  readonly auroc: number;
  /** Share of examples in distribution that are refused at the first threshold that refuses 95 % of the others. */
  readonly fpr95: number;
  /** Area under precision by recall, where examples in distribution are to be found. */
  readonly auprIn: number;
  /** The same, where the others are. */
  readonly auprOut: number;
}

/**
 * As OpenOOD computes them (Yang et al. 2022): what is out of distribution is positive, every distinct score is a threshold,
 * and areas under precision and recall are by trapezoids from recall 0, precision 1 on.
 * @param inside Scores of examples in distribution; higher is more like training.
 * @param outside Scores of the others. Neither is empty.
 */
export function measureDetection(inside: ArrayLike<number>, outside: ArrayLike<number>): Detection {
  const steps = listSteps(inside, outside);
  const mirrored = listSteps(negate(outside), negate(inside));
  return {
    auroc: areaUnderRoc(steps, inside.length, outside.length),
    fpr95: steps.find(({ found }) => found >= 0.95 * outside.length)!.wrong / inside.length,
    auprIn: areaUnderPrecision(mirrored, inside.length),
    auprOut: areaUnderPrecision(steps, outside.length),
  };
}

/** What lies at or below a threshold: of the positive ones, and of the others. */
interface Step {
  readonly found: number;
  readonly wrong: number;
}

/** One for each distinct score, ascending: what scores low is found. */
function listSteps(others: ArrayLike<number>, positive: ArrayLike<number>): Step[] {
  const [high, low] = [Float64Array.from(others).sort(), Float64Array.from(positive).sort()];
  const steps: Step[] = [];
  let [found, wrong] = [0, 0];
  while (found < low.length || wrong < high.length) {
    const threshold = Math.min(
      low[found] ?? Number.POSITIVE_INFINITY,
      high[wrong] ?? Number.POSITIVE_INFINITY,
    );
    while (low[found]! <= threshold) found++;
    while (high[wrong]! <= threshold) wrong++;
    steps.push({ found, wrong });
  }
  return steps;
}

function areaUnderRoc(steps: readonly Step[], others: number, positive: number): number {
  let [area, before] = [0, { found: 0, wrong: 0 }];
  for (const step of steps) {
    area += ((step.wrong - before.wrong) * (step.found + before.found)) / 2;
    before = step;
  }
  return area / others / positive;
}

function areaUnderPrecision(steps: readonly Step[], positive: number): number {
  let [area, recall, precision] = [0, 0, 1];
  for (const { found, wrong } of steps) {
    const [nextRecall, nextPrecision] = [found / positive, found / (found + wrong)];
    area += ((nextRecall - recall) * (nextPrecision + precision)) / 2;
    [recall, precision] = [nextRecall, nextPrecision];
  }
  return area;
}

function negate(scores: ArrayLike<number>): Float64Array {
  return Float64Array.from(scores, (score) => -score);
}
