import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { type Activation, linear } from '../../engine/ops/fused.js';
import type { Initializer, ParameterSpec } from '../model.js';
import { pytorchUniform } from './pytorch-uniform.js';

/** How a dense layer starts: as PyTorch's `Linear`, or uniform in ±sqrt(6 / (inputs + outputs)) with biases of zero. */
export type DenseStart = 'pytorch' | 'xavier';

/** `<name>/kernel` `[inputs, outputs]` and `<name>/bias` `[outputs]`. */
export function denseParameters(
  name: string,
  inputs: number,
  outputs: number,
  start: DenseStart = 'pytorch',
): Readonly<Record<string, ParameterSpec>> {
  const [kernel, bias]: readonly Initializer[] =
    start === 'pytorch'
      ? [pytorchUniform(inputs), pytorchUniform(inputs)]
      : [
          { kind: 'uniform', bound: Math.sqrt(6 / (inputs + outputs)) },
          { kind: 'constant', value: 0 },
        ];
  return {
    [`${name}/kernel`]: { shape: [inputs, outputs], initializer: kernel! },
    [`${name}/bias`]: { shape: [outputs], initializer: bias! },
  };
}

/** `[batch, inputs]` to `[batch, outputs]`: activation(x · kernel + bias). */
export function dense(parameters: TensorMap, name: string, x: Tensor, activation: Activation): Tensor {
  return linear(x, parameters[`${name}/kernel`]!, parameters[`${name}/bias`]!, activation);
}
