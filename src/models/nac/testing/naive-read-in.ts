import {
  add,
  expandDims,
  matMul,
  mul,
  ones,
  reshape,
  softmax,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { layerNorm } from '../../layers/layer-norm.js';
import { feedForward } from '../layers/feed-forward.js';
import { modulatedLinear } from '../layers/modulated-linear.js';

/** The read-in as it is defined: with keys and values for every module and token. No drops. */
export function naiveReadIn(
  parameters: TensorMap,
  name: string,
  tokens: Tensor,
  codes: Tensor,
  heads: number,
): Tensor {
  const [batch] = tokens.shape as [number];
  const modules = codes.shape.at(-2)!;
  const at = (part: string) => `${name}/attention/${part}`;
  const normal = layerNorm(parameters, `${name}/token-norm`, tokens);
  // [batch, tokens, modules, width]
  const each = mul(expandDims(normal, 2), ones([1, 1, modules, 1]));
  const spread = codes.rank === 2 ? codes : expandDims(codes, 1);
  const project = (part: string) => {
    const flat = modulatedLinear(parameters, at(part), each, spread);
    return transpose(reshape(flat, [batch, tokens.shape[1]!, modules, heads, -1]), [0, 2, 3, 1, 4]);
  };
  const query = modulatedLinear(parameters, at('query'), layerNorm(parameters, `${name}/norm`, codes), codes);
  const inner = query.shape.at(-1)!;
  const own = reshape(query, [-1, modules, heads, 1, inner / heads]);
  const queries = mul(own, ones([batch, 1, 1, 1, 1]));
  const scores = mul(matMul(queries, project('key'), false, true), 1 / Math.sqrt(inner / heads));
  const mixed = reshape(matMul(softmax(scores), project('value')), [batch, modules, inner]);
  const message = modulatedLinear(parameters, at('out'), mixed, codes);
  const scale = parameters[`${name}/attention/layer-scale`];
  const states = add(codes, scale === undefined ? message : mul(message, scale));
  const none = { dropPath: 0, random: undefined, salt: 0 };
  return feedForward(parameters, `${name}/feed-forward`, states, codes, none);
}
