import type { Tensor } from '@tensorflow/tfjs-core';

/** An op, and the same written out of plain ops with the gradients of TensorFlow.js. */
export interface DifferentiableOp {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  /** Has places without a derivative: finite differences across them are left out. */
  readonly kinks?: boolean;
  /** Added to the first input, whose values are in [-1, 1) otherwise. */
  readonly offset?: number;
  apply(...inputs: Tensor[]): Tensor;
  plain(...inputs: Tensor[]): Tensor;
}
