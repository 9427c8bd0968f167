import {
  add,
  addN,
  equal,
  isFinite as finiteOf,
  mul,
  reciprocal,
  sum,
  type Tensor,
  where,
} from '@tensorflow/tfjs-core';
import type { NamedArrays, TensorMap } from './engine.js';

/*
 * Dynamic loss scaling (Micikevicius et al., 2018), by the definition of PyTorch's GradScaler: the gradients of the
 * scaled loss keep clear of the smallest float16 numbers; a step whose gradients overflow is left out.
 */

const scaleSlot = 'loss_scaling/scale';
/** Steps since the scale has changed. */
const goodStepsSlot = 'loss_scaling/good_steps';
const firstScale = 2 ** 16;
const growth = 2;
const backoff = 0.5;
const growthInterval = 2000;

/** The state of the scaling at the start, beside the optimiser's slots and part of every checkpoint. */
export const scalingSlots: NamedArrays = {
  [scaleSlot]: { shape: [], data: Float32Array.of(firstScale) },
  [goodStepsSlot]: { shape: [], data: Float32Array.of(0) },
};

/** The scaling of one step. */
export interface LossScaling {
  /** Of the loss, before it is differentiated. */
  readonly scale: Tensor;
  /** The loss or a gradient as it would be without; the scale is a power of two, so nothing is rounded. */
  unscale(tensor: Tensor): Tensor;
}

export function readScaling(slots: TensorMap): LossScaling {
  const scale = slots[scaleSlot]!;
  const inverse = reciprocal(scale);
  return { scale, unscale: (tensor) => mul(tensor, inverse) };
}

/** A scalar: whether all numbers of all gradients are finite, or an overflow shows in their sums. */
export function areFinite(gradients: TensorMap): Tensor {
  return finiteOf(addN(Object.values(gradients).map((gradient) => sum(gradient))));
}

/** The new values where the step counts, the old ones where it does not. */
export function keepFinite(finite: Tensor, next: TensorMap, former: TensorMap): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(next).map(([name, value]) => [name, where(finite, value, former[name]!)]),
  );
}

/** The scale halves after an overflow, and doubles after 2000 steps without one. */
export function nextScaling(finite: Tensor, slots: TensorMap): Record<string, Tensor> {
  const [scale, goodSteps] = [slots[scaleSlot]!, slots[goodStepsSlot]!];
  const good = add(goodSteps, 1);
  const grows = equal(good, growthInterval);
  return {
    [scaleSlot]: where(finite, where(grows, mul(scale, growth), scale), mul(scale, backoff)),
    [goodStepsSlot]: where(finite, where(grows, mul(good, 0), good), mul(good, 0)),
  };
}
