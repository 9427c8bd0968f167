import { add, mul, type Tensor } from '@tensorflow/tfjs-core';
import type { Quantity } from '../../engine/engine.js';

export interface DecayOptions {
  /** How strongly parameters are drawn to zero; 0 by default. */
  readonly weight_decay?: number;
  /** Whether vectors and scalars are, too; false by default. */
  readonly decay_biases?: boolean;
  /** Names of parameters that it never reaches. */
  readonly spared?: ReadonlySet<string>;
}

/**
 * Whether decay reaches a parameter. As is usual, it spares what has one axis or none: biases, scales and offsets
 * of norms, which a pull to zero would only bend. PyTorch's optimisers spare nothing by themselves.
 */
export function isDecayed(
  parameter: Tensor,
  { weight_decay = 0, decay_biases = false, spared }: DecayOptions,
  name = '',
): boolean {
  if (weight_decay === 0 || spared?.has(name) === true) return false;
  return decay_biases || parameter.shape.length > 1;
}

/** The gradient with that of decay/2 · |p|² in it, for a parameter that is decayed. */
export function addDecay(
  parameter: Tensor,
  gradient: Tensor,
  decay: Quantity,
  options: DecayOptions,
  name?: string,
): Tensor {
  return isDecayed(parameter, options, name) ? add(gradient, mul(parameter, decay)) : gradient;
}
