export type BackendChoice = 'auto' | 'wasm' | 'tensorflow';

export interface EngineOptions {
  readonly backend: BackendChoice;
  /** Threads of the tensorflow tier; the wasm tier has one. */
  readonly threads: 'auto' | number;
}
