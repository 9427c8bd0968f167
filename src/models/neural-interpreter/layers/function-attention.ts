import { add, concat, div, mul, reshape, slice, type Tensor, zeros } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { attentionOfHeads } from '../../../engine/ops/attention.js';
import { linear } from '../../../engine/ops/fused.js';
import { moduleNorm } from '../../../engine/ops/norms/module-norm.js';
import { scaleEach } from '../../../engine/ops/scale-each.js';
import { layerNorm, normParameters } from '../../layers/layer-norm.js';
import type { ParameterSpec } from '../../model.js';
import {
  type Layer,
  modLinParameters,
  modulation,
  plainLayer,
  sideBySide,
  widenHeads,
} from './modulated-linear.js';
import { appendFeatures, type PositionFeatures } from './relative-positions.js';

export interface FunctionAttentionOptions {
  readonly width: number;
  readonly heads: number;
  /** Width of one head. */
  readonly headWidth: number;
  /** Width of the codes. */
  readonly codes: number;
}

const normEpsilon = 1e-5;
const epsilon = 1e-6;

/** `<name>/norm`, `/{query,key}` without biases, `/{value,out}` with them. */
export function functionAttentionParameters(
  name: string,
  { width, heads, headWidth, codes }: FunctionAttentionOptions,
): Readonly<Record<string, ParameterSpec>> {
  const inner = heads * headWidth;
  const layer = (part: string, bias: boolean) =>
    modLinParameters(`${name}/${part}`, { inputs: width, outputs: inner, codes, bias });
  return {
    ...normParameters(`${name}/norm`, width),
    ...layer('query', false),
    ...layer('key', false),
    ...layer('value', true),
    ...modLinParameters(`${name}/out`, { inputs: inner, outputs: width, codes }),
  };
}

export interface FunctionInputs {
  /** `[batch, tokens, width]`, the same for all functions, or each one's own, `[batch, tokens, functions, width]`. */
  readonly tokens: Tensor;
  readonly codes: Tensor;
  /** C, `[batch · tokens, functions]`. */
  readonly shares: Tensor;
}

/**
 * ModAttn, of all functions at once: in function u, token i hears token j by W_ij = C_ui C_uj softmax_j(q·k/√width +
 * bias), divided by 1e-6 + its sum over j. To `[batch · tokens, functions, width]`.
 *
 * The sum over j of W_ij v_j is C_ui N / (1e-6 + C_ui D), where N and D are what ordinary attention makes of the values
 * C_uj v_j and C_uj. So functions are further heads of an ordinary attention, whose scores nothing else touches.
 */
export function functionAttention(
  parameters: TensorMap,
  name: string,
  inputs: FunctionInputs,
  { heads, positions }: { readonly heads: number; readonly positions: PositionFeatures | undefined },
): Tensor {
  const { tokens, codes, shares } = inputs;
  const [batch, length] = tokens.shape as [number, number];
  const [rows, functions] = shares.shape as [number, number];
  const all = functions * heads;
  const layer = (part: string) => plainLayer(parameters, `${name}/${part}`);
  const [query, value, out] = [layer('query'), layer('value'), layer('out')];
  const width = query.kernel.shape[1]! / heads;
  // Attention divides by the root of the width that features make larger.
  const wider = width + (positions?.keys.shape[2] ?? 0);
  const [q, k, v] = project(parameters, name, inputs, {
    query:
      positions === undefined ? query : { ...query, kernel: mul(query.kernel, Math.sqrt(wider / width)) },
    key: layer('key'),
    value: {
      kernel: widenHeads(value.kernel, heads, 0),
      bias: reshape(widenHeads(reshape(value.bias!, [1, -1]), heads, 1), [-1]),
    },
  });
  const place = (x: Tensor, features: Tensor | undefined) => {
    const apart = reshape(x, [batch, length, all, width]);
    return reshape(features === undefined ? apart : appendFeatures(apart, features), [batch, length, -1]);
  };
  const given = mul(
    reshape(v!, [rows, functions, heads * (width + 1)]),
    reshape(shares, [rows, functions, 1]),
  );
  const heard = attentionOfHeads(
    place(q!, positions && mul(positions.queries, Math.sqrt(wider))),
    place(k!, positions?.keys),
    reshape(given, [batch, length, -1]),
    { heads: all },
  );
  const sums = reshape(heard, [rows, functions, heads, width + 1]);
  const total = slice(sums, [0, 0, 0, width], [-1, -1, -1, 1]);
  const own = reshape(shares, [rows, functions, 1, 1]);
  const means = mul(sums, div(own, add(mul(own, total), epsilon)));
  const factor = widenHeads(modulation(parameters, `${name}/out`, codes), heads, 1);
  const kernel = concat([reshape(out.kernel, [heads, -1]), zeros([heads, out.kernel.shape[1]!])], 1);
  const scaled = scaleEach(reshape(means, [rows, functions, heads * (width + 1)]), factor);
  return linear(scaled, reshape(kernel, [heads * (width + 1), -1]), out.bias);
}

/** What each function makes of the normalised tokens by each layer: `[batch, tokens, functions · outputs]`, or the same apart. */
function project(
  parameters: TensorMap,
  name: string,
  { tokens, codes }: FunctionInputs,
  layers: Readonly<Record<'query' | 'key' | 'value', Layer>>,
): Tensor[] {
  const factors = Object.keys(layers).map((part) => modulation(parameters, `${name}/${part}`, codes));
  const each = Object.values(layers);
  if (tokens.rank === 3) {
    const normal = layerNorm(parameters, `${name}/norm`, tokens);
    return each.map((layer, at) => {
      const { kernel, bias } = sideBySide(layer, factors[at]!);
      return linear(normal, kernel, bias);
    });
  }
  const [scale, shift] = [parameters[`${name}/norm/scale`]!, parameters[`${name}/norm/shift`]!];
  const normals = moduleNorm(tokens, scale, shift, normEpsilon, factors);
  return each.map(({ kernel, bias }, at) => linear(normals[at]!, kernel, bias));
}
