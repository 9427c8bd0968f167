import { attentions } from './attention.js';
import type { DifferentiableOp } from './differentiable-op.js';
import { distances } from './distances.js';
import { elementwise } from './elementwise.js';
import { losses } from './losses.js';
import { norms } from './norms.js';
import { pools } from './pools.js';
import { products } from './products.js';

export type { DifferentiableOp } from './differentiable-op.js';

/** All ops whose gradients are ours, on inputs small enough for finite differences. */
export const differentiableOps: readonly DifferentiableOp[] = [
  ...elementwise,
  ...products,
  ...norms,
  ...losses,
  ...attentions,
  ...pools,
  ...distances,
];
