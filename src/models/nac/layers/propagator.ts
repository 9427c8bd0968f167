import { add, concat, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { normParameters } from '../../layers/layer-norm.js';
import type { ParameterSpec } from '../../model.js';
import { type HeadOptions, moduleAttention, moduleAttentionParameters } from './attention.js';
import { type FeedForwardOptions, feedForward, feedForwardParameters } from './feed-forward.js';
import { type Branch, finishBranch, layerScaleParameters } from './residual.js';

export interface PropagatorOptions extends FeedForwardOptions, HeadOptions {}

/** `<name>/{norm,attention,feed-forward}`. */
export function propagatorParameters(
  name: string,
  options: PropagatorOptions,
): Readonly<Record<string, ParameterSpec>> {
  return {
    ...normParameters(`${name}/norm`, options.width),
    ...moduleAttentionParameters(`${name}/attention`, options),
    ...layerScaleParameters(`${name}/attention`, options.width, options.layerScale),
    ...feedForwardParameters(`${name}/feed-forward`, options),
  };
}

/** Modules that only speak, with their states, `[batch, modules, width]`. */
export interface Speakers {
  readonly states: Tensor;
  readonly codes: Tensor;
}

export interface PropagationOptions extends Branch {
  readonly heads: number;
  readonly logLinks: Tensor | undefined;
  /** Whom processors hear besides each other: their links come first. */
  readonly speakers?: Speakers | undefined;
}

/** Speakers, then processors. */
export function joinSpeakers(speakers: Speakers, processors: Speakers): Speakers {
  return {
    states: concat([speakers.states, processors.states], 1),
    codes: concat([speakers.codes, processors.codes], processors.codes.rank - 2),
  };
}

/** Processors `[batch, modules, width]` hear each other along their links, then each works on what it has heard. */
export function propagate(
  parameters: TensorMap,
  name: string,
  states: Tensor,
  codes: Tensor,
  { heads, logLinks, speakers, ...branch }: PropagationOptions,
): Tensor {
  const modules = { states, codes, norm: `${name}/norm` };
  const senders = speakers === undefined ? modules : { ...modules, ...joinSpeakers(speakers, modules) };
  const message = moduleAttention(parameters, `${name}/attention`, [modules, senders], { heads, logLinks });
  const heard = add(states, finishBranch(parameters, `${name}/attention`, message, branch));
  return feedForward(parameters, `${name}/feed-forward`, heard, codes, { ...branch, salt: branch.salt + 1 });
}
