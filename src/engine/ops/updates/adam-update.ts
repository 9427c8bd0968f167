import { add, div, engine, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { attribute } from '../../compiled/graph/graph.js';
import { fuseUpdate } from '../../compiled/recording/record.js';
import type { Quantity } from '../../engine.js';
import { adamKernel } from '../../kernels/names.js';
import { isAvailable } from '../support/available.js';
import { asTensor } from '../support/quantity.js';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** What one update of Adam takes besides tensors. */
export interface AdamNumbers {
  readonly beta1: number;
  readonly beta2: number;
  /** Size of the step with both bias corrections in it. */
  readonly rate: Quantity;
  /** The epsilon of this step. */
  readonly offset: Quantity;
  /** What decay leaves of the parameter before the update; all of it where this is absent. */
  readonly keep?: Quantity | undefined;
}

/**
 * The numbers of update `step`, from 1, of Adam (Kingma & Ba 2015) as PyTorch defines it, epsilon outside the
 * corrected root: p -= lr/(1-β1^t) · m / (√v / √(1-β2^t) + ε), with the corrections moved to the rate and to
 * epsilon: p -= rate · m / (√v + offset). TensorFlow's fused op weighs a gradient by 1 - β in float32, which for
 * β2 = 0.999 is off by 1e-5: a constant factor of m and v, which both numbers take back.
 */
export function adamNumbers(
  { beta1, beta2, epsilon }: AdamOptions,
  learningRate: number,
  step: number,
): { readonly rate: number; readonly offset: number } {
  const correction = (beta: number) => ((1 - beta ** step) * weightOf(beta)) / (1 - beta);
  const root = Math.sqrt(correction(beta2));
  return { rate: (learningRate * root) / correction(beta1), offset: epsilon * root };
}

/** The share of a new value in a running mean, as float32 has it. */
export function weightOf(beta: number): number {
  return Math.fround(1 - Math.fround(beta));
}

/** One update, m += (1-β1)(g-m), v += (1-β2)(g²-v); returns the new parameter, m and v; not differentiable. */
export function adamUpdate(
  parameter: Tensor,
  gradient: Tensor,
  m: Tensor,
  v: Tensor,
  { beta1, beta2, rate, offset, keep }: AdamNumbers,
): [Tensor, Tensor, Tensor] {
  const start = keep === undefined ? parameter : mul(parameter, keep);
  if (isAvailable(adamKernel) && typeof rate === 'number' && typeof offset === 'number') {
    const attributes = { beta1, beta2, rate, offset };
    const inputs = { parameter: start, gradient, m, v };
    return engine().runKernel(adamKernel, inputs, attributes) as [Tensor, Tensor, Tensor];
  }
  return fuseUpdate(
    () => ({
      op: 'ResourceApplyAdam',
      attributes: [
        attribute('T', 'type', 1),
        attribute('use_locking', 'bool', false),
        attribute('use_nesterov', 'bool', false),
      ],
      changes: [parameter, m, v],
      start: keep === undefined ? undefined : start,
      // The powers of both betas are zero: their corrections are in the rate.
      inputs: [
        asTensor(0),
        asTensor(0),
        asTensor(rate),
        asTensor(beta1),
        asTensor(beta2),
        asTensor(offset),
        gradient,
      ],
    }),
    (): [Tensor, Tensor, Tensor] => {
      const mean = add(m, mul(sub(gradient, m), weightOf(beta1)));
      const variance = add(v, mul(sub(square(gradient), v), weightOf(beta2)));
      const change = div(mul(mean, rate), add(sqrt(variance), offset));
      return [sub(start, change), mean, variance];
    },
  );
}
