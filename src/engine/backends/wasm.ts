import { dirname } from 'node:path';
import { backend, ready, setBackend } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '../kernels/native/backend.js';
import { loadNative } from '../kernels/native/native.js';
import { type WasmInstance, type WasmMemory, webAssembly } from '../kernels/native/web-assembly.js';
import { registerKernels } from '../kernels/register.js';
import { findWasmBinary } from './wasm-binary.js';

/** Starts the shipped wasm backend, in the process's global TensorFlow.js; `addKernels` makes it ours. */
export async function startShippedWasm(): Promise<WasmMemory> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(findWasmBinary())}/`);
  const memories: WasmMemory[] = [];
  const restore = catchMemory((memory) => memories.push(memory));
  try {
    if (!(await setBackend('wasm'))) throw new Error('the wasm backend of TensorFlow.js does not start');
    await ready();
  } finally {
    restore();
  }
  const memory = memories.find(({ buffer }) => buffer === wasmBackend().wasm.HEAPU8.buffer);
  if (memory === undefined) throw new Error('the memory of the wasm backend was not found');
  return memory;
}

/** Puts our kernels in front of the backend's, in its memory. */
export function addKernels(memory: WasmMemory): void {
  registerKernels(loadNative(wasmBackend(), memory));
}

function wasmBackend(): BackendWasm {
  return backend() as BackendWasm;
}

/**
 * Reports every memory that a module exports, until restored: the backend keeps its own to itself. Takes back
 * the listeners, too, with which its loader turns every uncaught error into a dump of its source.
 */
function catchMemory(found: (memory: WasmMemory) => void): () => void {
  const original = webAssembly.instantiate;
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set(process.listeners(event as 'uncaughtException')));
  webAssembly.instantiate = async (...parameters) => {
    const result = await original(...parameters);
    const { instance } = result as { readonly instance?: WasmInstance };
    for (const value of Object.values(instance?.exports ?? {})) {
      if (value instanceof webAssembly.Memory) found(value as WasmMemory);
    }
    return result;
  };
  return () => {
    webAssembly.instantiate = original;
    for (const [index, event] of events.entries()) {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before[index]!.has(listener)) process.removeListener(event, listener);
      }
    }
  };
}
