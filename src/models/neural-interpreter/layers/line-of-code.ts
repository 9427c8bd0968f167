import { add, matMul, mul, reshape, square, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { moduleNorm } from '../../../engine/ops/norms/module-norm.js';
import { product } from '../../../engine/ops/product.js';
import { scaleEach } from '../../../engine/ops/scale-each.js';
import { normParameters } from '../../layers/layer-norm.js';
import type { ParameterSpec } from '../../model.js';
import {
  type FunctionAttentionOptions,
  type FunctionInputs,
  functionAttention,
  functionAttentionParameters,
} from './function-attention.js';
import { modLinParameters, modulation, plainLayer } from './modulated-linear.js';
import {
  type PositionFeatures,
  type PositionOptions,
  positionFeatures,
  positionParameters,
} from './relative-positions.js';

export interface LineOptions extends FunctionAttentionOptions {
  /** Hidden units of the feed-forward layer, in widths. */
  readonly expansion: number;
  /** Where patches lie, if scores depend on it. */
  readonly positions: Omit<PositionOptions, 'heads'> | undefined;
}

const epsilon = 1e-5;

/** `<name>/attention`, with `/positions`, and `<name>/feed-forward/{norm,in,out}`. */
export function lineParameters(name: string, options: LineOptions): Readonly<Record<string, ParameterSpec>> {
  const { width, heads, codes, expansion, positions } = options;
  const hidden = Math.round(expansion * width);
  return {
    ...functionAttentionParameters(`${name}/attention`, options),
    ...(positions && positionParameters(`${name}/attention/positions`, { ...positions, heads, codes })),
    ...normParameters(`${name}/feed-forward/norm`, width),
    ...modLinParameters(`${name}/feed-forward/in`, { inputs: width, outputs: hidden, codes }),
    ...modLinParameters(`${name}/feed-forward/out`, { inputs: hidden, outputs: width, codes }),
  };
}

/** The bias of relative positions in a line: the same in every iteration. */
export function linePositions(
  parameters: TensorMap,
  name: string,
  codes: Tensor,
  { heads, positions }: Pick<LineOptions, 'heads' | 'positions'>,
): PositionFeatures | undefined {
  return (
    positions && positionFeatures(parameters, `${name}/attention/positions`, codes, { ...positions, heads })
  );
}

export interface LineInputs extends FunctionInputs {
  readonly heads: number;
  readonly positions: PositionFeatures | undefined;
}

/**
 * A line of code in every function: a = x + C ModAttn(x), then a + C ModMLP(LN(a)). To what each function has made of
 * the tokens, `[batch, tokens, functions, width]`.
 */
export function runLine(parameters: TensorMap, name: string, inputs: LineInputs): Tensor {
  const { heard, hidden, own } = beginLine(parameters, name, inputs);
  const { kernel, bias } = plainLayer(parameters, `${name}/feed-forward/out`);
  const results = add(heard, mul(linear(hidden, kernel, bias), own));
  const [batch, length] = inputs.tokens.shape as [number, number];
  return reshape(results, [batch, length, ...results.shape.slice(1)]);
}

/**
 * The same for the last line, whose results are merged: the sum of C times them over the functions, `[batch · tokens,
 * width]`. Since what comes last is linear, hidden units are summed first, and one product does for all functions.
 */
export function runLastLine(parameters: TensorMap, name: string, inputs: LineInputs): Tensor {
  const { heard, hidden } = beginLine(parameters, name, inputs);
  const { kernel, bias } = plainLayer(parameters, `${name}/feed-forward/out`);
  const { shares } = inputs;
  const squares = square(shares);
  const [rows, functions] = shares.shape as [number, number];
  const overFunctions = (weights: Tensor, x: Tensor) =>
    reshape(matMul(reshape(weights, [rows, 1, functions]), x), [rows, x.shape[2]!]);
  const worked = add(
    linear(overFunctions(squares, hidden), kernel, undefined),
    product(sum(squares, 1, true), reshape(bias!, [1, -1])),
  );
  return add(overFunctions(shares, heard), worked);
}

/** `[batch · tokens, functions, ...]`: tokens after the attention, and the modulated hidden units of the feed-forward layer. */
function beginLine(
  parameters: TensorMap,
  name: string,
  inputs: LineInputs,
): { readonly heard: Tensor; readonly hidden: Tensor; readonly own: Tensor } {
  const { tokens, codes, shares } = inputs;
  const [rows, functions] = shares.shape as [number, number];
  const own = reshape(shares, [rows, functions, 1]);
  const told = functionAttention(parameters, `${name}/attention`, inputs, inputs);
  const before = reshape(tokens, [rows, -1, tokens.shape.at(-1)!]);
  const heard = add(before, mul(told, own));
  const at = `${name}/feed-forward`;
  const [scale, shift] = [parameters[`${at}/norm/scale`]!, parameters[`${at}/norm/shift`]!];
  const entering = modulation(parameters, `${at}/in`, codes);
  const [normal] = moduleNorm(heard, scale, shift, epsilon, [entering]);
  const { kernel, bias } = plainLayer(parameters, `${at}/in`);
  const active = linear(normal!, kernel, bias, 'gelu');
  return { heard, hidden: scaleEach(active, modulation(parameters, `${at}/out`, codes)), own };
}
