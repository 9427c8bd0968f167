import { add, matMul, mul, reshape, softmax, type Tensor, tensor, transpose } from '@tensorflow/tfjs-core';
import type { TensorMap } from '../../../engine/engine.js';
import { linear } from '../../../engine/ops/fused.js';
import { layerNorm } from '../../layers/layer-norm.js';
import type { InterpreterOptions } from '../interpreter.js';
import { modulation } from '../layers/modulated-linear.js';

/**
 * An ordinary transformer with tied layers, whose inputs one code scales: no types, no shares, no streams. Scores have
 * the bias of relative positions added to them, as it is.
 */
export function transformPlainly(
  parameters: TensorMap,
  name: string,
  tokens: Tensor,
  { iterations, heads, headWidth, positions }: InterpreterOptions,
): Tensor {
  const code = parameters[`${name}/functions/codes`]!;
  const layer = (part: string, x: Tensor, activation: 'linear' | 'gelu' = 'linear') => {
    const at = `${name}/line1/${part}`;
    const scaled = mul(x, modulation(parameters, at, code));
    return linear(scaled, parameters[`${at}/kernel`]!, parameters[`${at}/bias`], activation);
  };
  const apart = (x: Tensor) =>
    transpose(reshape(x, [...x.shape.slice(0, 2), heads, headWidth]), [0, 2, 1, 3]);
  let current = tokens;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const normal = layerNorm(parameters, `${name}/line1/attention/norm`, current);
    const [q, k, v] = ['query', 'key', 'value'].map((part) => apart(layer(`attention/${part}`, normal)));
    const scores = add(
      mul(matMul(q!, k!, false, true), 1 / Math.sqrt(headWidth)),
      biasOf(parameters, name, heads, positions!),
    );
    const heard = reshape(transpose(matMul(softmax(scores), v!), [0, 2, 1, 3]), [
      ...current.shape.slice(0, 2),
      -1,
    ]);
    const after = add(current, layer('attention/out', heard));
    const hidden = layer(
      'feed-forward/in',
      layerNorm(parameters, `${name}/line1/feed-forward/norm`, after),
      'gelu',
    );
    current = add(after, layer('feed-forward/out', hidden));
  }
  return current;
}

/** `[heads, tokens, tokens]`. */
function biasOf(
  parameters: TensorMap,
  name: string,
  heads: number,
  { grid, others }: NonNullable<InterpreterOptions['positions']>,
): Tensor {
  const code = parameters[`${name}/functions/codes`]!;
  const tables = (['rows', 'columns'] as const).map((axis) => {
    const at = `${name}/line1/attention/positions/${axis}`;
    const change = reshape(matMul(code, parameters[`${at}/code/kernel`]!), [heads, -1]);
    return [...add(change, parameters[`${at}/table`]!).dataSync()];
  });
  const count = others + grid[0] * grid[1];
  const place = (token: number) => [Math.floor((token - others) / grid[1]), (token - others) % grid[1]];
  const values = Float32Array.from({ length: heads * count * count }, (_, index) => {
    const [head, from, to] = [
      Math.floor(index / count ** 2),
      Math.floor(index / count) % count,
      index % count,
    ];
    if (from! < others || to! < others) return 0;
    return grid.reduce((sum, length, axis) => {
      const offset = place(to!)[axis]! - place(from!)[axis]! + length - 1;
      return sum + tables[axis]![head! * (2 * length - 1) + offset]!;
    }, 0);
  });
  return tensor(values, [heads, count, count]);
}
