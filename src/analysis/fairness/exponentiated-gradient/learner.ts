import { fitLogistic, type LinearClassifier, margins } from '../../../evaluation/probes/logistic.js';
import type { Matrix } from '../../../evaluation/probes/matrix.js';
import { measureColumns, standardize } from '../../../evaluation/probes/standardize.js';

/** Decisions for people by their features: 1 is positive. */
export type Decide = (features: Matrix) => Uint8Array;

/** Fits a classifier to decisions that are right (0 or 1) and to what each counts for, on the people that it was made for. */
export type Learner = (labels: Uint8Array, weights: Float64Array) => Decide;

/**
 * Logistic regression of standardised features, each from the one before; the constant decision where only one is ever right.
 * @param l2 Of the mean weighted cross-entropy: weak, so that the classifier goes where the weights pull it.
 */
export function createLogisticLearner(features: Matrix, l2 = 1e-3): Learner {
  const standardization = measureColumns(features);
  const own = standardize(features, standardization);
  let start: LinearClassifier | undefined;
  return (labels, weights) => {
    const totals = [0, 0];
    for (const [person, label] of labels.entries()) totals[label]! += weights[person]!;
    if (totals[0] === 0 || totals[1] === 0) {
      const only = totals[1]! > 0 ? 1 : 0;
      return ({ rows }) => new Uint8Array(rows).fill(only);
    }
    const examples = { features: own, labels, classes: 2, weights };
    const fitted = fitLogistic(examples, { l2, tolerance: 1e-6, ...(start && { start }) });
    start = fitted;
    return (other) => {
      const seen = other === features ? own : standardize(other, standardization);
      return Uint8Array.from(margins(seen, fitted), (margin) => (margin > 0 ? 1 : 0));
    };
  };
}
