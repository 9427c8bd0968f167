import { sizeOf } from '../../core/numbers/shape.js';
import type { Call } from './calls.js';

type Shape = readonly number[];

/** Floating-point operations of a matrix product or a convolution (not a depthwise one), a multiplication and an addition each; 0 for other ops. */
export function flopsOf({ op, inputs, outputs }: Pick<Call, 'op' | 'inputs' | 'outputs'>): number {
  const shapes = inputs.map(({ shape }) => shape);
  const out = outputs[0]?.shape ?? [];
  if (products.has(op)) return productFlops(shapes[0] ?? [], out);
  if (convolutions.has(op)) return convolutionFlops(shapes[1] ?? [], out);
  if (op === 'Conv2DBackpropInput') {
    // The addon takes the sizes of the input first, as a vector.
    const [dy, filter] = shapes.length === 3 ? [shapes[2]!, shapes[1]!] : [shapes[0] ?? [], shapes[1] ?? []];
    return convolutionFlops(filter, dy);
  }
  if (op === 'Conv2DBackpropFilter') return convolutionFlops(out, shapes.at(-1) ?? []);
  if (op in attentions) return attentionFlops(op, [...shapes, ...outputs.map(({ shape }) => shape)]);
  return 0;
}

const products = new Set(['MatMul', 'BatchMatMul', 'BatchMatMulV2', '_FusedMatMul', 'HeldoutLinear']);
/** Where, among inputs and outputs, are the query, what comes of it or its gradient, and the weights; how many products each. */
const attentions: Readonly<
  Record<string, readonly [query: number, mixed: number, weights: number, times: number]>
> = {
  HeldoutAttention: [0, 3, 4, 1],
  HeldoutAttentionGrad: [1, 0, 4, 2],
  HeldoutLinkedAttention: [0, 4, 5, 1],
  HeldoutLinkedAttentionGrad: [1, 0, 4, 2],
  HeldoutSelfAttention: [1, 1, 2, 1],
  HeldoutSelfAttentionGrad: [0, 0, 2, 2],
};
const convolutions = new Set(['Conv2D', 'FusedConv2D', 'HeldoutConvolution']);

/** `a` `[..., m, k]`, or transposed, to `[..., m, n]`. */
function productFlops(a: Shape, out: Shape): number {
  const rows = out.at(-2) ?? 1;
  const inner = rows === 0 ? 0 : sizeOf(a.slice(-2)) / rows;
  return 2 * sizeOf(out) * inner;
}

/** `filter` `[height, width, in, out]`, `y` what the convolution gives, or its gradient. */
function convolutionFlops(filter: Shape, y: Shape): number {
  return filter.length === 4 ? 2 * sizeOf(y) * sizeOf(filter.slice(0, 3)) : 0;
}

/** Scores and their use, `[queries, width]` by `[width, keys]` and back, for every head; twice in the gradient. */
function attentionFlops(op: string, shapes: readonly Shape[]): number {
  const [query, mixed, weights, times] = attentions[op]!;
  const all = shapes[weights] ?? [];
  const widths = (shapes[query]?.at(-1) ?? 0) + (shapes[mixed]?.at(-1) ?? 0);
  return (2 * times * sizeOf(all) * widths) / (all[1] ?? 1);
}
