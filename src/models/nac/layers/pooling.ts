import { add, log, matMul, maximum, neg, reshape, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { randomUniform } from '../../../engine/ops/random-uniform.js';
import { softmax } from '../../../engine/ops/softmax.js';
import { denseParameters } from '../../layers/dense.js';
import type { ParameterSpec } from '../../model.js';
import { modulatedLinear, modulatedLinearParameters } from './modulated-linear.js';

/**
 * How the read-out modules answer together. `confidence`: a softmax of one score each weighs their states; `gumbel`: in
 * training that softmax is drawn (Gumbel-softmax); `first`: the only module's state goes through a ModFC of its own.
 */
export type Pooling = 'confidence' | 'gumbel' | 'first';

export interface PoolingOptions {
  readonly pooling: Pooling;
  readonly width: number;
  readonly outputs: number;
  readonly codes: number | undefined;
}

/** `<name>/confidence` and `<name>/outputs`, or the latter alone. */
export function poolingParameters(
  name: string,
  { pooling, width, outputs, codes }: PoolingOptions,
): Readonly<Record<string, ParameterSpec>> {
  if (pooling === 'first') {
    return modulatedLinearParameters(`${name}/outputs`, { inputs: width, outputs, codes, bias: true });
  }
  return {
    ...denseParameters(`${name}/confidence`, width, 1),
    ...denseParameters(`${name}/outputs`, width, outputs),
  };
}

/** States of the read-out modules `[batch, readOuts, width]`, with their codes, to `[batch, outputs]`. */
export function pool(
  parameters: TensorMap,
  name: string,
  states: Tensor,
  codes: Tensor,
  {
    pooling,
    random,
    salt,
  }: { readonly pooling: Pooling; readonly random: Tensor | undefined; readonly salt: number },
): Tensor {
  if (pooling === 'first') {
    const outputs = modulatedLinear(parameters, `${name}/outputs`, states, codes);
    return reshape(outputs, [states.shape[0]!, -1]);
  }
  const drawn = pooling === 'gumbel' ? random : undefined;
  const weights = poolingWeights(parameters, name, states, drawn, salt);
  const [batch, , width] = states.shape as [number, number, number];
  const pooled = reshape(matMul(reshape(weights, [batch, 1, -1]), states), [batch, width]);
  return linear(pooled, parameters[`${name}/outputs/kernel`]!, parameters[`${name}/outputs/bias`]!);
}

/** What each read-out module counts, `[batch, readOuts]`, summing to 1. */
export function poolingWeights(
  parameters: TensorMap,
  name: string,
  states: Tensor,
  random?: Tensor,
  salt = 0,
): Tensor {
  const [batch, modules] = states.shape as [number, number];
  const scores = linear(
    states,
    parameters[`${name}/confidence/kernel`]!,
    parameters[`${name}/confidence/bias`]!,
  );
  const flat = reshape(scores, [batch, modules]);
  return softmax(random === undefined ? flat : add(flat, gumbel([batch, modules], random, salt)));
}

/** Noise of the standard Gumbel distribution. */
function gumbel(shape: readonly number[], random: Tensor, salt: number): Tensor {
  return neg(log(neg(log(maximum(randomUniform(shape, random, salt), 2 ** -24)))));
}
