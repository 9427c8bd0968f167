/** Classes of examples, what each example counts for, and the loss of what is said of them. */
export interface Link {
  /** Margins of an example: one for two classes (of class 1 against class 0), else one for each class. */
  readonly outputs: number;
  /**
   * Weighted mean of the cross-entropy in nats of margins `[rows, outputs]`; its derivative by each of them goes to
   * `residuals`.
   */
  evaluate(margins: Float64Array, residuals: Float64Array): number;
  /** Second derivative of an example's cross-entropy, unweighted, by one of its margins. */
  curvature(margins: Float64Array, row: number, output: number): number;
}

/**
 * The logistic link of two classes, the softmax of more.
 * @param labels Class of every example, from 0 on.
 * @param shares What each example counts for; they sum to 1.
 */
export function createLink(labels: ArrayLike<number>, classes: number, shares: Float64Array): Link {
  return classes === 2 ? logistic(labels, shares) : softmax(labels, classes, shares);
}

function logistic(labels: ArrayLike<number>, shares: Float64Array): Link {
  return {
    outputs: 1,
    evaluate(margins, residuals) {
      let loss = 0;
      for (let row = 0; row < margins.length; row++) {
        const margin = margins[row]!;
        const share = shares[row]!;
        const label = labels[row]!;
        // Of the negative size, so that nothing overflows.
        const power = Math.exp(margin < 0 ? margin : -margin);
        const larger = 1 / (1 + power);
        const probability = margin < 0 ? power * larger : larger;
        residuals[row] = share * (probability - label);
        loss += share * (Math.log(1 + power) + (margin > 0 ? margin : 0) - label * margin);
      }
      return loss;
    },
    curvature(margins, row) {
      const probability = 1 / (1 + Math.exp(-margins[row]!));
      return probability * (1 - probability);
    },
  };
}

function softmax(labels: ArrayLike<number>, classes: number, shares: Float64Array): Link {
  return {
    outputs: classes,
    evaluate(margins, residuals) {
      let loss = 0;
      for (let row = 0; row < shares.length; row++) {
        const [from, share] = [row * classes, shares[row]!];
        let largest = margins[from]!;
        for (let of = 1; of < classes; of++) largest = Math.max(largest, margins[from + of]!);
        let sum = 0;
        for (let of = 0; of < classes; of++) {
          const power = Math.exp(margins[from + of]! - largest);
          residuals[from + of] = power;
          sum += power;
        }
        for (let of = 0; of < classes; of++) residuals[from + of]! *= share / sum;
        const truth = from + labels[row]!;
        residuals[truth]! -= share;
        loss += share * (Math.log(sum) + largest - margins[truth]!);
      }
      return loss;
    },
    curvature(margins, row, output) {
      const own = margins[row * classes + output]!;
      let others = 0;
      for (let of = 0; of < classes; of++)
        if (of !== output) others += Math.exp(margins[row * classes + of]! - own);
      const probability = 1 / (1 + others);
      return Number.isFinite(others) ? probability * (1 - probability) : 0;
    },
  };
}
