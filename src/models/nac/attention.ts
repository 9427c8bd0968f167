import { expandDims, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import { attentionOfHeads } from '../../engine/ops/attention.js';
import type { ParameterSpec } from '../model.js';
import { modulatedLinear, modulatedLinearParameters } from './modulated-linear.js';

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

/** Modules at one end of a link: normalised states `[batch, modules, width]`, and their codes. */
export interface LinkedModules {
  readonly states: Tensor;
  readonly codes: Tensor;
}

/**
 * Dot-product attention of modules to modules, its scores changed by log K, `[batch or none, receivers, senders]`
 * (SKMDPA; without it, ordinary attention). Queries and outputs take the receivers' codes, keys and values those of
 * the senders. To messages `[batch, receivers, width]`.
 */
export function moduleAttention(
  parameters: TensorMap,
  name: string,
  receivers: LinkedModules,
  senders: LinkedModules,
  { heads, logLinks }: { readonly heads: number; readonly logLinks: Tensor | undefined },
): Tensor {
  const project = (part: string, { states, codes }: LinkedModules) =>
    modulatedLinear(parameters, `${name}/${part}`, states, codes);
  const mixed = attentionOfHeads(
    project('query', receivers),
    project('key', senders),
    project('value', senders),
    // The heads of an example share its links.
    logLinks === undefined ? { heads } : { heads, mask: expandDims(logLinks, -3) },
  );
  return modulatedLinear(parameters, `${name}/out`, mixed, receivers.codes);
}
