import { matMul, type Tensor } from '@tensorflow/tfjs-core';
import { product as kernelName } from '../kernels/names.js';
import { isAvailable, runKernel } from './support/available.js';

/** The product of two matrices, either of them transposed on the way: `[m, k]` and `[k, n]` to `[m, n]`. */
export function product(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  if (!isAvailable(kernelName)) return matMul(a, b, transposeA, transposeB);
  return runKernel(kernelName, { a, b }, { transposeA, transposeB });
}
