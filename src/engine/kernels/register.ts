import { registerConv2d } from './conv2d.js';
import { registerElementwise } from './elementwise.js';
import { registerMatMul } from './mat-mul.js';
import type { Native } from './native/native.js';

/** Puts our kernels in front of the wasm backend's. */
export function registerKernels(native: Native): void {
  registerMatMul(native);
  registerConv2d(native);
  registerElementwise(native);
}
