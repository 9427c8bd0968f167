import { add, cos, exp, log, maximum, mul, sqrt, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { randomUniform } from '../../../engine/ops/random-uniform.js';
import { denseParameters } from '../../layers/dense.js';
import { layerNorm, normParameters } from '../../layers/layer-norm.js';
import type { ParameterSpec } from '../../model.js';

/** log σ² at the start. */
const initialLogVariance = -5;

/** `<name>/{norm,mean,log-variance}`. */
export function seederParameters(name: string, width: number): Readonly<Record<string, ParameterSpec>> {
  return {
    ...normParameters(`${name}/norm`, width),
    ...denseParameters(`${name}/mean`, width, width),
    ...denseParameters(`${name}/log-variance`, width, width),
    [`${name}/log-variance/bias`]: {
      shape: [width],
      initializer: { kind: 'constant', value: initialLogVariance },
    },
  };
}

export interface SeederOptions {
  readonly batch: number;
  /** Key of a training step's draws; without one, states are their means. */
  readonly random: Tensor | undefined;
  /** Names the first of two draws. */
  readonly salt: number;
}

/**
 * What modules start from that do not read the input: μ + σ · noise, made of their normalised codes `[modules, width]`, with
 * noise of its own for each example. To `[batch, modules, width]`, or without the first axis where nothing is drawn.
 */
export function seedStates(
  parameters: TensorMap,
  name: string,
  codes: Tensor,
  { batch, random, salt }: SeederOptions,
): Tensor {
  const normal = layerNorm(parameters, `${name}/norm`, codes);
  const make = (part: string) =>
    linear(normal, parameters[`${name}/${part}/kernel`]!, parameters[`${name}/${part}/bias`]!);
  const mean = make('mean');
  if (random === undefined) return mean;
  const noise = drawNormal([batch, ...mean.shape], random, salt);
  return add(mean, mul(exp(mul(make('log-variance'), 0.5)), noise));
}

/** Standard normal numbers (Box and Muller, 1958). */
function drawNormal(shape: readonly number[], random: Tensor, salt: number): Tensor {
  const radius = sqrt(mul(log(maximum(randomUniform(shape, random, salt), 2 ** -24)), -2));
  return mul(radius, cos(mul(randomUniform(shape, random, salt + 1), 2 * Math.PI)));
}
