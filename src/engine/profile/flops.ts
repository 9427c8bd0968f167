import { sizeOf } from '../../core/shape.js';
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
  return 0;
}

const products = new Set(['MatMul', 'BatchMatMul', 'BatchMatMulV2', '_FusedMatMul', 'HeldoutLinear']);
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
