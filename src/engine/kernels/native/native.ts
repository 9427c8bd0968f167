import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { projectRoot } from '../../../core/files/paths.js';
import type { BackendWasm } from './backend.js';
import { type WasmMemory, webAssembly } from './web-assembly.js';

/** The functions of the C sources; addresses are bytes in the backend's memory, counts are elements. */
export interface NativeFunctions {
  multiply(...numbers: readonly number[]): void;
  convolve(...numbers: readonly number[]): void;
  convolve_filter_gradient(...numbers: readonly number[]): void;
  convolve_input_gradient(...numbers: readonly number[]): void;
  add_bias(...numbers: readonly number[]): void;
  sum_rows(...numbers: readonly number[]): void;
  relu_gradient(...numbers: readonly number[]): void;
  adam(...numbers: readonly number[]): void;
}

/** Our kernels, working in the memory of the backend's own module. */
export interface Native {
  readonly backend: BackendWasm;
  readonly functions: NativeFunctions;
  /** Where a tensor's values lie. */
  address(tensor: TensorInfo): number;
  /** A new float32 tensor, not cleared. */
  output(shape: readonly number[]): TensorInfo;
  /** Room for at least so many floats, valid until the next call. */
  scratch(floats: number): number;
}

const stackBytes = 64 * 1024;

/** Bits of the `flags` argument. */
export const withBias = 2;
export const withRelu = 4;

export function kernelFolder(): string {
  return join(projectRoot(), 'src/engine/kernels/native');
}

/** Loads kernels.wasm on top of the backend's memory. */
export function loadNative(backend: BackendWasm, memory: WasmMemory): Native {
  const module = new webAssembly.Module(readFileSync(join(kernelFolder(), 'kernels.wasm')));
  const { exports } = new webAssembly.Instance(module, { env: { memory } });
  // The module has no static data; its stack must lie in memory that the backend will not hand out.
  const stack = exports.__stack_pointer as { value: number };
  stack.value = (allocate(backend, stackBytes) + stackBytes) & ~15;
  let room = { address: 0, floats: 0 };
  return {
    backend,
    functions: exports as unknown as NativeFunctions,
    address: (tensor) => backend.dataIdMap.get(tensor.dataId).memoryOffset,
    output: (shape) => backend.makeOutput([...shape], 'float32'),
    scratch(floats) {
      if (floats > room.floats) {
        backend.wasm._free(room.address);
        room = { address: allocate(backend, floats * 4), floats };
      }
      return room.address;
    },
  };
}

function allocate(backend: BackendWasm, bytes: number): number {
  const address = backend.wasm._malloc(bytes) >>> 0;
  if (address === 0) throw new RangeError(`the wasm backend has no ${bytes} bytes left`);
  return address;
}
