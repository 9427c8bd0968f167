/** A linear classifier: `kernel` `[features, classes]`, row-major, and `bias` `[classes]`. */
export interface LinearReadOut {
  readonly kernel: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

interface Support {
  readonly direction: Float64Array;
  readonly entropy: number;
}

/**
 * Test-time template adjuster (T3A; Iwasawa & Matsuo, Test-Time Classifier Adjustment Module for Model-Agnostic Domain
 * Generalization, NeurIPS 2021). Every class begins with one support, the columns of the kernel, each counted for the class
 * that the classifier gives it. A batch adds its features to the classes that the classifier gives them; of each class the
 * `keep` supports of least entropy stay; logit k is the feature times the unit vector along the sum of the unit vectors of
 * class k, and 0 where there is none. In double precision; what a batch leaves behind serves the next one.
 *
 * @param keep Supports of each class, at least 1; null: all. (The authors' code takes its word for all, -1, for all but
 * the last.)
 * @returns A function of a batch of features `[rows, features]`, row-major, to logits `[rows, classes]`.
 */
export function createT3a(
  { kernel, bias }: LinearReadOut,
  keep: number | null,
): (features: ArrayLike<number>) => Float64Array {
  const classes = bias.length;
  const width = kernel.length / classes;
  const supports: Support[][] = Array.from({ length: classes }, () => []);

  function add(feature: Float64Array): void {
    const answers = Float64Array.from({ length: classes }, (_, label) => {
      return feature.reduce((sum, value, at) => sum + value * kernel[at * classes + label]!, bias[label]!);
    });
    const label = answers.indexOf(Math.max(...answers));
    supports[label]!.push({ direction: normalise(feature), entropy: entropyOf(answers) });
  }

  for (let label = 0; label < classes; label++) {
    add(Float64Array.from({ length: width }, (_, at) => kernel[at * classes + label]!));
  }
  return (features) => {
    const rows = features.length / width;
    const own = Array.from({ length: rows }, (_, row) =>
      Float64Array.from({ length: width }, (_, at) => features[row * width + at]!),
    );
    for (const feature of own) add(feature);
    const prototypes = supports.map((all) => {
      all.sort((a, b) => a.entropy - b.entropy);
      if (keep !== null) all.splice(keep);
      const sum = new Float64Array(width);
      for (const { direction } of all) for (let at = 0; at < width; at++) sum[at]! += direction[at]!;
      return normalise(sum);
    });
    return Float64Array.from({ length: rows * classes }, (_, place) => {
      const prototype = prototypes[place % classes]!;
      return own[Math.floor(place / classes)]!.reduce((sum, value, at) => sum + value * prototype[at]!, 0);
    });
  };
}

function normalise(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / Math.max(length, 1e-12));
}

/** Of the softmax of logits, in nats. */
function entropyOf(logits: Float64Array): number {
  const most = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
  return logits.reduce((sum, logit) => {
    const log = logit - most - Math.log(total);
    return sum - Math.exp(log) * log;
  }, 0);
}
