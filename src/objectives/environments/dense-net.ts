import { cast, matMul, mul, neg, relu, step, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { detached } from '../../engine/ops/detached.js';
import { dense, denseParameters } from '../../models/layers/dense.js';
import type { ParameterSpec } from '../../models/model.js';

/** A net of dense layers of an objective's own, with ReLU between them: `<name>/dense1`, `<name>/dense2`, ... */
export interface DenseNet {
  readonly name: string;
  readonly depth: number;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
}

/** @param widths Of the input, of every hidden layer and of the output. */
export function denseNet(name: string, widths: readonly number[]): DenseNet {
  const layers = widths
    .slice(1)
    .map((width, index) => denseParameters(`${name}/dense${index + 1}`, widths[index]!, width));
  return { name, depth: layers.length, parameters: Object.assign({}, ...layers) };
}

/** What each layer gives `[rows, width]`, the output last. */
export function applyLayers({ name, depth }: DenseNet, parameters: TensorMap, x: Tensor): Tensor[] {
  const found: Tensor[] = [];
  for (let layer = 1; layer <= depth; layer++) {
    const activation = layer < depth ? 'relu' : 'linear';
    found.push(dense(parameters, `${name}/dense${layer}`, found.at(-1) ?? x, activation));
  }
  return found;
}

/** Its output `[rows, outputs]`, with another activation between the layers where one is given. */
export function applyNet(
  net: DenseNet,
  parameters: TensorMap,
  x: Tensor,
  activation?: (x: Tensor) => Tensor,
): Tensor {
  if (activation === undefined) return applyLayers(net, parameters, x).at(-1)!;
  let found = x;
  for (let layer = 1; layer <= net.depth; layer++) {
    found = dense(parameters, `${net.name}/dense${layer}`, found, 'linear');
    if (layer < net.depth) found = activation(found);
  }
  return found;
}

/** x where it is positive, 0.01 x elsewhere. */
export function leakyRelu(x: Tensor): Tensor {
  return sub(relu(x), mul(relu(neg(x)), 0.01));
}

/**
 * The slope in the net's input of a sum whose slope in its output is `slope` `[rows, outputs]`, in closed form: products
 * with the kernels and with where each ReLU is open, so that its own gradient needs first derivatives alone.
 * @param layers What `applyLayers` found.
 */
export function inputSlope(
  { name, depth }: DenseNet,
  parameters: TensorMap,
  layers: readonly Tensor[],
  slope: Tensor,
): Tensor {
  let found = slope;
  for (let layer = depth; layer >= 1; layer--) {
    found = matMul(found, parameters[`${name}/dense${layer}/kernel`]!, false, true);
    if (layer > 1)
      found = mul(
        found,
        detached(() => cast(step(layers[layer - 2]!), 'float32')),
      );
  }
  return found;
}
