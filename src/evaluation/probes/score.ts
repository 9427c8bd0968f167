import { combineTerms, wilson } from '../fairness/intervals.js';
import { criticalValue } from '../fairness/normal-quantile.js';

/** A number of a sample with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** How well margins tell the classes of examples. */
export interface ProbeScore {
  /** Share of examples whose class is told: class 1 where its margin is above 0, else the class of the largest. */
  readonly accuracy: Estimate;
  /** Mean over the classes that are there of the share told of each. */
  readonly balancedAccuracy: Estimate;
  /** Area under the ROC curve, of more than two classes the mean of each against the rest; absent with one class. */
  readonly auc: Estimate | undefined;
}

/** Two-sided 95 % of the standard normal distribution. */
const z = criticalValue(0.95);

/**
 * Intervals: accuracy, Wilson (1927); balanced accuracy, the Wilson limits of each class's share squared and added
 * (Zou & Donner 2008), which never leave [0, 1]; AUC, DeLong et al. (1988), cut to [0, 1].
 * @param margins `[examples, outputs]`, one output for two classes.
 */
export function scoreProbe(margins: Float64Array, labels: Uint16Array, classes: number): ProbeScore {
  const told = decide(margins, labels.length);
  const counts = new Float64Array(classes);
  const right = new Float64Array(classes);
  for (const [at, label] of labels.entries()) {
    counts[label]! += 1;
    if (told[at] === label) right[label]! += 1;
  }
  const present = Array.from(counts.keys()).filter((label) => counts[label]! > 0);
  const recalls = present.map((label) => estimateShare(right[label]!, counts[label]!));
  const all = right.reduce((sum, count) => sum + count, 0);
  return {
    accuracy: estimateShare(all, labels.length),
    balancedAccuracy: averageShares(recalls),
    auc: present.length < 2 ? undefined : scoreAuc(margins, labels, present),
  };
}

/** The class that margins `[examples, outputs]` say, of equal ones the first. */
export function decide(margins: Float64Array, examples: number): Uint16Array {
  const outputs = margins.length / examples;
  if (outputs === 1) return Uint16Array.from(margins, (margin) => (margin > 0 ? 1 : 0));
  return Uint16Array.from({ length: examples }, (_, row) => {
    let best = 0;
    for (let of = 1; of < outputs; of++)
      if (margins[row * outputs + of]! > margins[row * outputs + best]!) best = of;
    return best;
  });
}

function estimateShare(told: number, of: number): Estimate {
  const { low, high } = wilson(told, of, z)!;
  return { value: told / of, lower: low, upper: high };
}

function averageShares(shares: readonly Estimate[]): Estimate {
  const weight = 1 / shares.length;
  const terms = shares.map(({ value, lower, upper }) => ({
    weight,
    estimate: value,
    low: lower,
    high: upper,
  }));
  const { low, high } = combineTerms(terms);
  return { value: shares.reduce((sum, { value }) => sum + weight * value, 0), lower: low, upper: high };
}

/**
 * What an example adds to the mean of the curves is known without resampling; within each class its spread is that of a
 * sample. For two classes this is DeLong's variance.
 */
function scoreAuc(margins: Float64Array, labels: Uint16Array, present: readonly number[]): Estimate {
  const outputs = margins.length / labels.length;
  // Of two classes either against the other has the same curve.
  const positives = present.length === 2 ? [present[1]!] : present;
  const part = new Float64Array(labels.length);
  let value = 0;
  for (const positive of positives) {
    const scores = takeScores(margins, labels.length, outputs, positive, present);
    value += addComponents(scores, labels, positive, part) / positives.length;
  }
  let variance = 0;
  for (const label of present) {
    const own = part.filter((_, at) => labels[at] === label);
    const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
    const square = own.reduce((sum, one) => sum + (one - mean) ** 2, 0);
    if (own.length > 1) variance += (own.length / (own.length - 1)) * square;
  }
  const half = (z * Math.sqrt(variance)) / positives.length;
  return { value, lower: Math.max(0, value - half), upper: Math.min(1, value + half) };
}

/** What speaks for a class: its margin, less the other's where only two are there. */
function takeScores(
  margins: Float64Array,
  rows: number,
  outputs: number,
  positive: number,
  present: readonly number[],
): Float64Array {
  if (outputs === 1) return margins;
  const other = present.length === 2 ? present.find((label) => label !== positive)! : undefined;
  return Float64Array.from({ length: rows }, (_, row) => {
    const own = margins[row * outputs + positive]!;
    return other === undefined ? own : own - margins[row * outputs + other]!;
  });
}

/** The area of one class against the rest; each example's share of it, over the size of its side, is added to `part`. */
function addComponents(
  scores: Float64Array,
  labels: Uint16Array,
  positive: number,
  part: Float64Array,
): number {
  const rows = Array.from(labels.keys());
  const [inside, outside] = [true, false].map((side) =>
    Uint32Array.from(rows.filter((row) => (labels[row] === positive) === side)),
  ) as [Uint32Array, Uint32Array];
  const among = rankMiddle(scores, Uint32Array.from(rows));
  const own = [rankMiddle(scores, inside), rankMiddle(scores, outside)] as const;
  const [positives, negatives] = [inside.length, outside.length];
  let area = 0;
  for (const row of inside) {
    const below = among[row]! - own[0][row]!;
    part[row]! += below / negatives / positives;
    area += below;
  }
  for (const row of outside) part[row]! += (1 - (among[row]! - own[1][row]!) / positives) / negatives;
  return area / negatives / positives;
}

/** Rank of each of the rows among them, from 1 on, ties at their middle; indexed by row. */
function rankMiddle(scores: Float64Array, rows: Uint32Array): Float64Array {
  const ranks = new Float64Array(scores.length);
  const order = rows.slice().sort((a, b) => scores[a]! - scores[b]!);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}
