import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import type { ParameterSpec } from '../../../models/model.js';
import { applyNet, denseNet } from '../dense-net.js';

export interface ContextOptions {
  /** Channels, or numbers, that are appended to an input. */
  readonly context: number;
  /** Of the context net's hidden layers. */
  readonly width: number;
}

/** What looks at every example for `createArm`. */
export interface ContextNet {
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Running moments, by names of the objective's state. */
  readonly moments: Readonly<Record<string, ParameterSpec>>;
  /** What it gives of each row in training, and the new moments. */
  learn(parameters: TensorMap, x: Tensor): { readonly context: Tensor; readonly moments: TensorMap };
  /** The same in prediction. */
  apply(parameters: TensorMap, x: Tensor): Tensor;
}

/** Two dense layers, of vectors of so many numbers. */
export function vectorContext(
  prefix: string,
  { width, context }: ContextOptions,
  inputs: number,
): ContextNet {
  const net = denseNet(prefix, [inputs, width, context]);
  const apply = (parameters: TensorMap, x: Tensor) => applyNet(net, parameters, x);
  return {
    parameters: net.parameters,
    moments: {},
    apply,
    learn: (parameters, x) => ({ context: apply(parameters, x), moments: {} }),
  };
}
