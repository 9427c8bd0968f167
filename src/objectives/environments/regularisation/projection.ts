import { add, matMul, mean, mul, relu, rsqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import type { ParameterSpec } from '../../../models/model.js';

/** A small network beside a model. */
export interface Projection {
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** `[rows, width]` to `[rows, width]`. */
  apply(parameters: TensorMap, rows: Tensor): Tensor;
}

/** Added to variances, as in PyTorch. */
const epsilon = 1e-5;

/**
 * Three dense layers, `width` to twice as many, again, and back, with batch normalisation after each and ReLU after the
 * first two. A bias before a normalisation would do nothing and is left out. Parameters are `PREFIX/dense1/kernel`
 * `[in, out]`, `PREFIX/norm1/scale` and `PREFIX/norm1/offset` `[out]`, and so on.
 */
export function createProjection(prefix: string, width: number): Projection {
  const layers = [
    [width, 2 * width],
    [2 * width, 2 * width],
    [2 * width, width],
  ] as const;
  const parameters: Record<string, ParameterSpec> = {};
  for (const [index, [inputs, outputs]] of layers.entries()) {
    const bound = 1 / Math.sqrt(inputs);
    const one = { kind: 'constant', value: 1 } as const;
    const zero = { kind: 'constant', value: 0 } as const;
    parameters[`${prefix}/dense${index + 1}/kernel`] = {
      shape: [inputs, outputs],
      initializer: { kind: 'uniform', bound },
    };
    parameters[`${prefix}/norm${index + 1}/scale`] = { shape: [outputs], initializer: one };
    parameters[`${prefix}/norm${index + 1}/offset`] = { shape: [outputs], initializer: zero };
  }
  return {
    parameters,
    apply(all, rows) {
      let x = rows;
      for (let layer = 1; layer <= layers.length; layer++) {
        const [scale, offset] = [all[`${prefix}/norm${layer}/scale`]!, all[`${prefix}/norm${layer}/offset`]!];
        x = normalise(matMul(x, all[`${prefix}/dense${layer}/kernel`]!), scale, offset);
        if (layer < layers.length) x = relu(x);
      }
      return x;
    },
  };
}

/** By the mean and the biased variance of the batch. */
function normalise(rows: Tensor, scale: Tensor, offset: Tensor): Tensor {
  const centred = sub(rows, mean(rows, 0, true));
  const inverse = rsqrt(add(mean(square(centred), 0, true), epsilon));
  return add(mul(mul(centred, inverse), scale), offset);
}
