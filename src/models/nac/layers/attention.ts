import type { Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { attentionOfHeads, linkedAttention } from '../../../engine/ops/attention.js';
import type { ParameterSpec } from '../../model.js';
import {
  modulatedInputs,
  modulatedLinear,
  modulatedLinearParameters,
  plainLinear,
} from './modulated-linear.js';

export interface HeadOptions {
  readonly heads: number;
  /** Width of one head. */
  readonly headWidth: number;
}

export interface ModuleAttentionOptions extends HeadOptions {
  /** Width of the receivers' states, and of what is sent to them. */
  readonly width: number;
  /** Width of what the senders show; that of the receivers unless told. */
  readonly senderWidth?: number;
  readonly codes: number | undefined;
}

/** `<name>/{query,key,value}` without biases and `<name>/out` with one. */
export function moduleAttentionParameters(
  name: string,
  { width, senderWidth = width, heads, headWidth, codes }: ModuleAttentionOptions,
): Readonly<Record<string, ParameterSpec>> {
  const inner = heads * headWidth;
  const inputs = { query: width, key: senderWidth, value: senderWidth };
  return {
    ...Object.assign(
      {},
      ...Object.entries(inputs).map(([part, size]) =>
        modulatedLinearParameters(`${name}/${part}`, { inputs: size, outputs: inner, codes }),
      ),
    ),
    ...modulatedLinearParameters(`${name}/out`, { inputs: inner, outputs: width, codes, bias: true }),
  };
}

/** Modules at one end of a link. */
export interface LinkedModules {
  /** `[batch, modules, width]`. */
  readonly states: Tensor;
  /** `[modules, width]`, maybe per example. */
  readonly codes: Tensor;
  /** Name of the norm that their states go through first. */
  readonly norm: string;
}

/**
 * Dot-product attention of modules to modules, its scores changed by log K, `[batch or none, receivers, senders]`
 * (SKMDPA; without it, ordinary attention). Queries and outputs take the receivers' codes, keys and values those of
 * the senders. To messages `[batch, receivers, width]`.
 */
export function moduleAttention(
  parameters: TensorMap,
  name: string,
  [receivers, senders]: readonly [receivers: LinkedModules, senders: LinkedModules],
  { heads, logLinks }: { readonly heads: number; readonly logLinks: Tensor | undefined },
): Tensor {
  const project = ({ norm, states, codes }: LinkedModules, ...parts: readonly string[]) => {
    const names = parts.map((part) => `${name}/${part}`);
    const inputs = modulatedInputs(parameters, norm, states, names, codes);
    return inputs.map((x, index) => plainLinear(parameters, names[index]!, x));
  };
  const [query, key, value] =
    receivers === senders
      ? project(senders, 'query', 'key', 'value')
      : [...project(receivers, 'query'), ...project(senders, 'key', 'value')];
  const mixed =
    logLinks === undefined
      ? attentionOfHeads(query!, key!, value!, { heads })
      : linkedAttention(query!, key!, value!, logLinks, heads);
  return modulatedLinear(parameters, `${name}/out`, mixed, receivers.codes);
}
