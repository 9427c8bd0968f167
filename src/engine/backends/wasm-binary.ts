import { resolveFromRoot } from './resolve.js';

/** The shipped backend's WebAssembly; throws when the package is not installed. */
export function findWasmBinary(): string {
  return resolveFromRoot('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');
}
