import { div, matMul, mean, mul, sigmoid, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Quantity } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { softmax } from '../../../engine/ops/softmax.js';
import { type EnvironmentHead, excess } from '../risks.js';

/** A linear layer of logits: kernel `[width, outputs]`, bias `[outputs]`. */
export interface LinearHead {
  readonly kernel: Tensor;
  readonly bias: Tensor;
}

/** Features `[examples, width]` with their targets `[examples, 1]`. */
export interface Sample {
  readonly features: Tensor;
  readonly target: Tensor;
}

/** Logits `[examples, outputs]`. */
export function readHead({ kernel, bias }: LinearHead, features: Tensor): Tensor {
  return linear(features, kernel, bias);
}

/** Of every logit, p − y `[examples, outputs]`. */
export function headExcess(of: EnvironmentHead, head: LinearHead, { features, target }: Sample): Tensor {
  return excess(of, { prediction: readHead(head, features) }, { target });
}

/** The gradient of the mean cross-entropy in the kernel: hᵀ (p − y) / n. */
export function kernelSlope(of: EnvironmentHead, head: LinearHead, sample: Sample): Tensor {
  return productWithRows(sample.features, headExcess(of, head, sample));
}

/** The head after steps of gradient descent on the mean cross-entropy. */
export function descend(
  of: EnvironmentHead,
  head: LinearHead,
  sample: Sample,
  { steps, rate }: { readonly steps: number; readonly rate: Quantity },
): LinearHead {
  let { kernel, bias } = head;
  for (let step = 0; step < steps; step++) {
    const slopes = headExcess(of, { kernel, bias }, sample);
    kernel = sub(kernel, mul(productWithRows(sample.features, slopes), rate));
    bias = sub(bias, mul(mean(slopes, 0), rate));
  }
  return { kernel, bias };
}

/**
 * The Hessian of the mean cross-entropy in the kernel, times a kernel v: hᵀ [p ∘ u − p (p · u)] / n with u = h v, for a
 * binary target hᵀ [p (1 − p) u] / n.
 */
export function hessianTimes(of: EnvironmentHead, head: LinearHead, { features }: Sample) {
  const logits = readHead(head, features);
  const binary = of.head.kind === 'binary';
  const p = binary ? sigmoid(logits) : softmax(logits);
  return (v: Tensor): Tensor => {
    const weighted = mul(p, matMul(features, v));
    return productWithRows(features, sub(weighted, mul(p, binary ? weighted : sum(weighted, 1, true))));
  };
}

function productWithRows(features: Tensor, rows: Tensor): Tensor {
  return div(matMul(features, rows, true), features.shape[0]!);
}
