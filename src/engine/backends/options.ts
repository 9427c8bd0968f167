export type BackendChoice = 'auto' | 'wasm' | 'tensorflow';

/**
 * Of the factors of products and convolutions; all else is float32. `tf32` is the GPU's own rounding to 10 bits,
 * the other two are casts in the graphs of compiled steps. Default float32.
 */
export type Precision = 'float32' | 'tf32' | 'bfloat16' | 'float16';

export interface EngineOptions {
  readonly backend: BackendChoice;
  /** Threads of the tensorflow tier; the wasm tier has one. */
  readonly threads: 'auto' | number;
  /** Whether threads run different ops at a time rather than parts of one: for steps of many small ones. */
  readonly sideBySide?: boolean;
  /** Of the tensorflow tier: whether steps become graphs. Default auto. */
  readonly compile?: 'auto' | 'off' | 'always';
  /** Of compiled steps: whether XLA compiles what it can; auto: where a trial of a long training says so. Default off. */
  readonly xla?: 'auto' | 'on' | 'off';
  /**
   * Of compiled steps: megabytes of training data that may stay on the device, where steps gather their batches;
   * auto: a quarter of its free memory. Default auto.
   */
  readonly resident_data?: 'auto' | 'off' | number;
  readonly precision?: Precision;
  /** The same bits every time: no choice by timing, no op that adds in any order. */
  readonly deterministic?: boolean;
}
