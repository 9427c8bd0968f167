import { add, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { attribute } from '../../compiled/graph/graph.js';
import { fuseUpdate } from '../../compiled/recording/record.js';
import type { Quantity } from '../../engine.js';
import { asTensor } from '../support/quantity.js';

/** One step of gradient descent, p -= rate · g; not differentiable. */
export function descentUpdate(parameter: Tensor, gradient: Tensor, rate: Quantity): Tensor {
  const [updated] = fuseUpdate(
    () => ({
      op: 'ResourceApplyGradientDescent',
      attributes: [attribute('T', 'type', 1), attribute('use_locking', 'bool', false)],
      changes: [parameter],
      inputs: [asTensor(rate), gradient],
    }),
    (): [Tensor] => [sub(parameter, mul(gradient, rate))],
  );
  return updated;
}

export interface MomentumNumbers {
  readonly rate: Quantity;
  readonly momentum: Quantity;
  readonly nesterov: boolean;
}

/**
 * One step with momentum as PyTorch defines it: b = momentum · b + g, then p -= rate · b, or with Nesterov's
 * look ahead p -= rate · (g + momentum · b). The buffer holds gradients, not steps, so that a changed rate holds
 * for all of it at once; Keras keeps rate · b instead. Returns the new parameter and buffer; not differentiable.
 */
export function momentumUpdate(
  parameter: Tensor,
  gradient: Tensor,
  buffer: Tensor,
  { rate, momentum, nesterov }: MomentumNumbers,
): [Tensor, Tensor] {
  return fuseUpdate(
    () => ({
      op: 'ResourceApplyMomentum',
      attributes: [
        attribute('T', 'type', 1),
        attribute('use_locking', 'bool', false),
        attribute('use_nesterov', 'bool', nesterov),
      ],
      changes: [parameter, buffer],
      inputs: [asTensor(rate), gradient, asTensor(momentum)],
    }),
    (): [Tensor, Tensor] => {
      const next = add(mul(buffer, momentum), gradient);
      const direction = nesterov ? add(gradient, mul(next, momentum)) : next;
      return [sub(parameter, mul(direction, rate)), next];
    },
  );
}
