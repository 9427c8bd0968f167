import type { DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

/** What our kernels use of the wasm backend; its own types are not exported whole. */
export interface BackendWasm extends KernelBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
}
