import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

export type TensorMap = Readonly<Record<string, Tensor>>;
export interface NamedArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}
export type NamedArrays = Readonly<Record<string, NamedArray>>;

/** Everything that a training step changes: enough to continue bit for bit. */
export interface TrainState {
  readonly parameters: NamedArrays;
  /** Optimiser slots, `<parameter>/m`, `<parameter>/v`. */
  readonly slots: NamedArrays;
  /** Updates made so far. */
  readonly step: number;
}

/** Numbers that enter a step as inputs, so that a schedule costs nothing. */
export interface StepInputs {
  readonly learningRate: number;
}

/** How an optimiser updates one parameter; slots start at zero. Elementwise, pure. */
export interface Optimizer {
  readonly slots: readonly string[];
  update(
    parameter: Tensor,
    gradient: Tensor,
    slots: TensorMap,
    inputs: { readonly learningRate: number; readonly step: number },
  ): { readonly parameter: Tensor; readonly slots: TensorMap };
}

export interface TrainerOptions {
  readonly parameters: NamedArrays;
  readonly optimizer: Optimizer;
  /** Pure: parameters and one batch to a scalar loss. */
  loss(parameters: TensorMap, batch: TensorMap): Scalar;
}

/** Trains: keeps parameters and slots on the device between steps, and frees everything else. */
export interface Trainer {
  /** One update; returns the loss before it. */
  step(batch: NamedArrays, inputs: StepInputs): number;
  state(): TrainState;
  restore(state: TrainState): void;
  /** Runs a pure function of the current parameters, without gradients. */
  infer(apply: (parameters: TensorMap, batch: TensorMap) => TensorMap, batch: NamedArrays): NamedArrays;
  dispose(): void;
}

/** A started backend. */
export interface Engine {
  readonly tier: 'tensorflow' | 'wasm';
  /** Threads of one op; the last bits of a result may depend on them. */
  readonly threads: number;
  /** One line per fact: device, version, threads, why the better tiers were not taken. */
  readonly notes: readonly string[];
  createTrainer(options: TrainerOptions): Trainer;
}
