import { concat, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../engine/engine.js';
import {
  type AttentionOptions,
  attentionOfHeads,
  hasSelfAttention,
  selfAttention,
} from '../../engine/ops/attention.js';
import { linear } from '../../engine/ops/fused.js';
import type { ParameterSpec } from '../model.js';
import { pytorchUniform } from './pytorch-uniform.js';

export interface AttentionParameterOptions {
  /** Whether the four products have biases; they have unless told. */
  readonly biases?: boolean;
}

/**
 * `<name>/{query,key,value,out}/kernel` `[width, width]` and `/bias` `[width]`, starting as PyTorch's
 * `MultiheadAttention`: its packed projection is Glorot-uniform as one matrix, all biases start at zero.
 */
export function attentionParameters(
  name: string,
  width: number,
  { biases = true }: AttentionParameterOptions = {},
): Readonly<Record<string, ParameterSpec>> {
  const projection = { kind: 'uniform', bound: Math.sqrt(6 / (4 * width)) } as const;
  const parts = { query: projection, key: projection, value: projection, out: pytorchUniform(width) };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, initializer]): [string, ParameterSpec][] => [
      [`${name}/${part}/kernel`, { shape: [width, width], initializer }],
      ...(biases ? [[`${name}/${part}/bias`, zeros(width)] as [string, ParameterSpec]] : []),
    ]),
  );
}

function zeros(width: number): ParameterSpec {
  return { shape: [width], initializer: { kind: 'constant', value: 0 } };
}

export interface MultiHeadOptions extends AttentionOptions {
  /** Divides the width. */
  readonly heads: number;
}

/**
 * Multi-head attention (Vaswani et al., 2017) as PyTorch's `MultiheadAttention` with `batch_first`: `query`
 * `[batch, queries, width]`, `key` and `value` `[batch, keys, width]`, to `[batch, queries, width]`. A mask is
 * added to the scores `[batch, heads, queries, keys]`.
 *
 * Where query, key and value are one and attention takes them as one array, one product makes all three. Elsewhere
 * three products and three transpositions are faster than one product whose parts must be cut out of it.
 */
export function multiHeadAttention(
  parameters: TensorMap,
  name: string,
  [query, key, value]: readonly [query: Tensor, key: Tensor, value: Tensor],
  options: MultiHeadOptions,
): Tensor {
  const project = (part: string, x: Tensor) =>
    linear(x, parameters[`${name}/${part}/kernel`]!, parameters[`${name}/${part}/bias`]);
  const plain = options.mask === undefined && options.causal !== true;
  if (plain && query === key && key === value && hasSelfAttention()) {
    const join = (part: 'kernel' | 'bias') =>
      concat(
        ['query', 'key', 'value'].map((role) => parameters[`${name}/${role}/${part}`]!),
        -1,
      );
    const bias = parameters[`${name}/query/bias`] === undefined ? undefined : join('bias');
    return project('out', selfAttention(linear(query, join('kernel'), bias), options.heads));
  }
  const [q, k, v] = [project('query', query), project('key', key), project('value', value)];
  return project('out', attentionOfHeads(q!, k!, v!, options));
}
