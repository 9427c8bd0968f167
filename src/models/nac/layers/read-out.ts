import { broadcastTo, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { normParameters } from '../../layers/layer-norm.js';
import type { ParameterSpec } from '../../model.js';
import { moduleAttention, moduleAttentionParameters } from './attention.js';
import { feedForward, feedForwardParameters } from './feed-forward.js';
import type { PropagatorOptions } from './propagator.js';
import type { Branch } from './residual.js';

/** `<name>/{norm,sender-norm,attention,feed-forward}`. */
export function readOutParameters(
  name: string,
  options: PropagatorOptions,
): Readonly<Record<string, ParameterSpec>> {
  return {
    ...normParameters(`${name}/norm`, options.width),
    ...normParameters(`${name}/sender-norm`, options.width),
    ...moduleAttentionParameters(`${name}/attention`, options),
    ...feedForwardParameters(`${name}/feed-forward`, options),
  };
}

/** What listens to the processors. */
export interface ReadOutInputs {
  /** States of the processors, `[batch, processors, width]`. */
  readonly states: Tensor;
  readonly codes: Tensor;
  /** Codes of the read-out modules, which are what they start from. */
  readonly readOutCodes: Tensor;
}

/**
 * Read-out modules listen to the processors along their links. What they hear replaces their state: around this
 * attention there is no residual. To `[batch, readOuts, width]`.
 */
export function readOut(
  parameters: TensorMap,
  name: string,
  { states, codes, readOutCodes }: ReadOutInputs,
  { heads, logLinks, ...branch }: Branch & { readonly heads: number; readonly logLinks: Tensor | undefined },
): Tensor {
  const listeners = broadcastTo(readOutCodes, [states.shape[0]!, ...readOutCodes.shape.slice(-2)]);
  const heard = moduleAttention(
    parameters,
    `${name}/attention`,
    [
      { states: listeners, codes: readOutCodes, norm: `${name}/norm` },
      { states, codes, norm: `${name}/sender-norm` },
    ],
    { heads, logLinks },
  );
  return feedForward(parameters, `${name}/feed-forward`, heard, readOutCodes, branch);
}
