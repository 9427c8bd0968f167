/** The part of WebAssembly that we use; the Node types leave it to the DOM's. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

type Instantiate = (...parameters: unknown[]) => Promise<unknown>;

interface WebAssemblyApi {
  instantiate: Instantiate;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => WasmInstance;
  readonly Memory: new (limits: { readonly initial: number }) => WasmMemory;
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
