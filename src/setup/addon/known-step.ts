import type * as TensorFlow from '@tensorflow/tfjs';

/** What one step gives: the loss before and after it, and the weights it leaves, row by row. */
export interface StepResult {
  readonly before: number;
  readonly after: number;
  readonly kernel: readonly number[];
  readonly dense: readonly number[];
}

/** The right numbers, computed in double precision by NumPy; float32 agrees to a few 1e-7. */
export const knownResult: StepResult = {
  before: 0.59420575,
  after: 0.39232403,
  kernel: [0.95554424, 0.82514045, -0.09615377, -0.91135843, -0.72142632, 0.34000511, 0.93398834, 0.58354167],
  dense: [
    0.29552022, 0.56464249, 0.78332692, 0.93203908, 1.00341272, 0.97419106, 0.86320937, 0.6754632, 0.44642055,
    0.14187392, -0.15774569, -0.44252044, -0.67495595, -0.87113989, -0.96118094, -0.99536713,
  ],
};

/** By how much a number may differ: reduced precision (TF32) differs by more. */
export const tolerance = 1e-5;

/**
 * One training step of a small network: a 2x2 convolution of two 3x3 images, ReLU, a product, squared error against
 * fixed targets, plain gradient descent.
 */
export function takeKnownStep(tf: typeof TensorFlow): StepResult {
  const fill = (shape: number[], frequency: number) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, (_, index) => Math.sin(frequency * (index + 1))),
      shape,
    );
  };
  const images = fill([2, 3, 3, 1], 0.7) as TensorFlow.Tensor4D;
  const targets = fill([2, 2], 2.3);
  const kernel = tf.variable(fill([2, 2, 1, 2], 1.1)) as TensorFlow.Variable<TensorFlow.Rank.R4>;
  const dense = tf.variable(fill([8, 2], 0.3)) as TensorFlow.Variable<TensorFlow.Rank.R2>;
  const loss = (): TensorFlow.Scalar => {
    const features = tf.relu(tf.conv2d(images, kernel, 1, 'valid')).reshape([2, 8]);
    return tf.mean(tf.squaredDifference(tf.matMul(features, dense), targets));
  };
  const optimizer = tf.train.sgd(0.05);
  const before = optimizer.minimize(loss, true, [kernel, dense])?.dataSync()[0] ?? Number.NaN;
  const result = {
    before,
    after: loss().dataSync()[0] ?? Number.NaN,
    kernel: [...kernel.dataSync()],
    dense: [...dense.dataSync()],
  };
  tf.dispose([images, targets, kernel, dense]);
  return result;
}

/** The largest difference from the known numbers, relative to the largest of their kind; NaN where one is. */
export function differenceFromKnown(result: StepResult): number {
  const pairs = [
    [
      [result.before, result.after],
      [knownResult.before, knownResult.after],
    ],
    [result.kernel, knownResult.kernel],
    [result.dense, knownResult.dense],
  ] as const;
  return Math.max(
    ...pairs.map(([found, known]) => {
      const scale = Math.max(...known.map(Math.abs));
      if (found.length !== known.length) return Number.NaN;
      return Math.max(...known.map((value, index) => Math.abs(value - found[index]!))) / scale;
    }),
  );
}
