import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { layerNorm as normalise } from '../../engine/ops/norms/layer-norm.js';
import type { ParameterSpec } from '../model.js';

/** `<name>/scale` and `<name>/shift` `[width]`, starting at 1 and 0, as PyTorch's `LayerNorm` and `GroupNorm`. */
export function normParameters(name: string, width: number): Readonly<Record<string, ParameterSpec>> {
  return {
    [`${name}/scale`]: { shape: [width], initializer: { kind: 'constant', value: 1 } },
    [`${name}/shift`]: { shape: [width], initializer: { kind: 'constant', value: 0 } },
  };
}

/** Layer normalisation over the last axis, `[..., width]`, with PyTorch's epsilon. */
export function layerNorm(parameters: TensorMap, name: string, x: Tensor, epsilon = 1e-5): Tensor {
  return normalise(x, parameters[`${name}/scale`]!, parameters[`${name}/shift`]!, epsilon);
}
