export type BackendChoice = 'auto' | 'wasm' | 'tensorflow';

export interface EngineOptions {
  readonly backend: BackendChoice;
  /** Threads of the tensorflow tier; the wasm tier has one. */
  readonly threads: 'auto' | number;
  /** Whether threads run different ops at a time rather than parts of one: for steps of many small ones. */
  readonly sideBySide?: boolean;
  /** Of the tensorflow tier: whether steps become graphs. Default auto. */
  readonly compile?: 'auto' | 'off' | 'always';
  /** Of compiled steps: whether XLA compiles what it can. Default off. */
  readonly xla?: 'on' | 'off';
}
