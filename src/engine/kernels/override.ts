import {
  getKernel,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

/** Computes a kernel, or returns undefined to leave the case to the shipped one. */
export type Attempt = (inputs: NamedTensorInfoMap, attributes: NamedAttrMap) => TensorInfo | undefined;

/** Puts our kernel before the backend's own; without one, a refused case is an error. */
export function overrideKernel(kernelName: string, backendName: string, attempt: Attempt): void {
  const shipped = getKernel(kernelName, backendName)?.kernelFunc;
  if (shipped !== undefined) unregisterKernel(kernelName, backendName);
  const kernelFunc: KernelFunc = (call) => {
    const result = attempt(call.inputs, call.attrs ?? {}) ?? shipped?.(call);
    if (result === undefined) {
      const shapes = Object.entries(call.inputs).map(([name, tensor]) => `${name} [${tensor?.shape}]`);
      throw new Error(
        `${kernelName} on ${backendName} does not support ${shapes.join(', ')} with these options`,
      );
    }
    return result;
  };
  registerKernel({ kernelName, backendName, kernelFunc });
}

export function areFloat(...tensors: readonly (TensorInfo | undefined)[]): boolean {
  return tensors.every((tensor) => tensor === undefined || tensor.dtype === 'float32');
}
