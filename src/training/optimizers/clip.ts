import { add, addN, div, maximum, minimum, mul, sqrt, type Tensor } from '@tensorflow/tfjs-core';
import type { Optimizer, TensorMap } from '../../engine/engine.js';
import { sumOfSquares } from '../../engine/ops/sum-all.js';

export interface ClipOptions {
  /** Largest norm of all gradients together. */
  readonly clip_norm: number | null;
  /** Largest absolute value of an element of a gradient. */
  readonly clip_value: number | null;
}

/**
 * Limits the gradients before the updates: first each element, as `torch.nn.utils.clip_grad_value_`, then their
 * common Euclidean norm, as `torch.nn.utils.clip_grad_norm_`: all are multiplied by norm limit / (norm + 1e-6)
 * where that is below 1.
 */
export function clipGradients(optimizer: Optimizer, { clip_norm, clip_value }: ClipOptions): Optimizer {
  if (clip_norm === null && clip_value === null) return optimizer;
  return {
    ...optimizer,
    numbers: (inputs, step) => ({
      ...optimizer.numbers(inputs, step),
      ...(clip_norm === null ? {} : { clipNorm: clip_norm }),
      ...(clip_value === null ? {} : { clipMost: clip_value, clipLeast: -clip_value }),
    }),
    transform(gradients, numbers) {
      const { clipNorm, clipMost, clipLeast } = numbers;
      let clipped = optimizer.transform?.(gradients, numbers) ?? gradients;
      if (clipMost !== undefined) {
        clipped = mapTensors(clipped, (one) => minimum(maximum(one, clipLeast!), clipMost));
      }
      if (clipNorm === undefined) return clipped;
      // By name, since a checkpoint may give the parameters back in another order, and sums would differ.
      const names = Object.keys(clipped).sort();
      const norm = sqrt(addN(names.map((name) => sumOfSquares(clipped[name]!))));
      const share = minimum(div(clipNorm, add(norm, 1e-6)), 1);
      return mapTensors(clipped, (one) => mul(one, share));
    },
  };
}

function mapTensors(tensors: TensorMap, map: (tensor: Tensor) => Tensor): TensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));
}
