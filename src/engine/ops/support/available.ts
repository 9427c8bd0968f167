import { engine, getBackend, getKernel, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';

/** Whether the backend in use has a kernel; where it has not, an op takes its portable form. */
export function isAvailable(kernelName: string): boolean {
  return getKernel(kernelName, getBackend()) !== undefined;
}

export function runKernel(
  kernelName: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: NamedAttrMap = {},
): Tensor {
  return engine().runKernel(kernelName, { ...inputs }, attributes) as Tensor;
}

/** The same for a kernel of several outputs. */
export function runKernels(
  kernelName: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: NamedAttrMap = {},
): Tensor[] {
  return engine().runKernel(kernelName, { ...inputs }, attributes) as Tensor[];
}
