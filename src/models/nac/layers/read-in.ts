import { add, matMul, mul, reshape, type Tensor, tensor, tile } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { scaleEach } from '../../../engine/ops/scale-each.js';
import { sharedProduct } from '../../../engine/ops/shared-product.js';
import { softmax } from '../../../engine/ops/softmax.js';
import { layerNorm, normParameters } from '../../layers/layer-norm.js';
import type { ParameterSpec } from '../../model.js';
import { type HeadOptions, moduleAttentionParameters } from './attention.js';
import { type FeedForwardOptions, feedForward, feedForwardParameters } from './feed-forward.js';
import { modulatedLinear, modulation } from './modulated-linear.js';
import { type Branch, finishBranch, layerScaleParameters } from './residual.js';

export interface ReadInOptions extends FeedForwardOptions, HeadOptions {
  readonly tokenWidth: number;
}

/** `<name>/{token-norm,norm,attention,feed-forward}`. */
export function readInParameters(
  name: string,
  options: ReadInOptions,
): Readonly<Record<string, ParameterSpec>> {
  const { width, tokenWidth, layerScale } = options;
  return {
    ...normParameters(`${name}/token-norm`, tokenWidth),
    ...normParameters(`${name}/norm`, width),
    ...moduleAttentionParameters(`${name}/attention`, { ...options, senderWidth: tokenWidth }),
    ...layerScaleParameters(`${name}/attention`, width, layerScale),
    ...feedForwardParameters(`${name}/feed-forward`, options),
  };
}

export interface ReadIn {
  /** `[batch, modules, width]`. */
  readonly states: Tensor;
  /** How much each module's heads look at each token: `[batch, modules, heads, tokens]`. */
  readonly weights: Tensor;
}

/**
 * Every module reads the tokens `[batch, tokens, tokenWidth]` with keys and values of its own, starting from its code;
 * all see all of them.
 *
 * Since a code only scales what enters a layer, q · W(g ⊙ x) = (g ⊙ Wᵀq) · x, and the sum of a · W(g ⊙ x) over the tokens
 * is W(g ⊙ the sum of a · x): no key or value is ever made per module and token. What the queries become does not
 * depend on the example, as long as codes do not.
 */
export function readIn(
  parameters: TensorMap,
  name: string,
  tokens: Tensor,
  codes: Tensor,
  { heads, ...branch }: Branch & { readonly heads: number },
): ReadIn {
  const attention = `${name}/attention`;
  const [batch, length] = tokens.shape as [number, number];
  const modules = codes.shape.at(-2)!;
  const x = layerNorm(parameters, `${name}/token-norm`, tokens);
  const queries = tokenQueries(parameters, name, codes, heads);
  const scores = queries.rank === 2 ? sharedProduct(queries, x) : matMul(queries, x, false, true);
  const weights = softmax(scores);
  const mixed = reshape(matMul(weights, x), [batch, modules, heads, -1]);
  const scale = perHead(modulation(parameters, `${attention}/value`, codes), heads);
  const value = spreadHeads(parameters[`${attention}/value/kernel`]!, heads);
  const values = linear(
    reshape(scale === undefined ? mixed : scaleEach(mixed, scale), [batch, modules, value.shape[0]!]),
    value,
    undefined,
  );
  const message = modulatedLinear(parameters, `${attention}/out`, values, codes);
  const states = add(codes, finishBranch(parameters, attention, message, branch));
  return {
    states: feedForward(parameters, `${name}/feed-forward`, states, codes, {
      ...branch,
      salt: branch.salt + 1,
    }),
    weights: reshape(weights, [batch, modules, heads, length]),
  };
}

/** What the heads of a module look for among normalised tokens: `[modules · heads, tokenWidth]`, maybe per example. */
function tokenQueries(parameters: TensorMap, name: string, codes: Tensor, heads: number): Tensor {
  const attention = `${name}/attention`;
  const queries = modulatedLinear(
    parameters,
    `${attention}/query`,
    layerNorm(parameters, `${name}/norm`, codes),
    codes,
  );
  const kernel = parameters[`${attention}/key/kernel`]!;
  const [width, inner] = kernel.shape as [number, number];
  const rows = reshape(queries, [-1, inner]);
  const turned = matMul(rows, mul(spreadHeads(kernel, heads), 1 / Math.sqrt(inner / heads)), false, true);
  const leading = codes.shape.slice(0, -1);
  const scale = perHead(modulation(parameters, `${attention}/key`, codes), heads);
  const own = reshape(turned, [...leading, heads, width]);
  const scaled = scale === undefined ? own : scaleEach(own, scale);
  return reshape(scaled, [...leading.slice(0, -1), leading.at(-1)! * heads, width]);
}

/** `[..., modules, width]` to `[..., modules, heads, width]`, the same for each head. */
function perHead(scale: Tensor | undefined, heads: number): Tensor | undefined {
  if (scale === undefined) return undefined;
  const [leading, width] = [scale.shape.slice(0, -1), scale.shape.at(-1)!];
  return reshape(tile(reshape(scale, [-1, 1, width]), [1, heads, 1]), [...leading, heads, width]);
}

/**
 * A kernel `[n, heads · m]` as `[heads · n, heads · m]`, zero but for the block of each head, so that one product takes
 * every head from its own inputs.
 */
function spreadHeads(kernel: Tensor, heads: number): Tensor {
  if (heads === 1) return kernel;
  const [inputs, inner] = kernel.shape as [number, number];
  const own = Float32Array.from({ length: heads * inner }, (_, index) =>
    Math.floor((index % inner) / (inner / heads)) === Math.floor(index / inner) ? 1 : 0,
  );
  const blocks = mul(reshape(kernel, [1, inputs, inner]), tensor(own, [heads, 1, inner]));
  return reshape(blocks, [heads * inputs, inner]);
}
