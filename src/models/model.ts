import type { Tensor } from '@tensorflow/tfjs-core';
import type { NamedArrays, TensorMap } from '../engine/engine.js';
import type { Stream } from '../random/stream.js';

/**
 * How a parameter starts: at one value, drawn uniformly between -bound and bound, drawn from a normal distribution of
 * mean zero (`limit`, in deviations, says where it is cut off), or computed. Draws come from the run's `init` stream,
 * one stream per parameter name.
 */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'normal'; readonly deviation: number; readonly limit?: number }
  | { readonly kind: 'computed'; compute(source: Stream, shape: readonly number[]): Float32Array };

export interface ParameterSpec {
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Whether weight decay may reach it; yes unless told. */
  readonly decayed?: boolean;
  /** Whether training may change it; yes unless told. */
  readonly trained?: boolean;
}

/** What a model adds to the loss in training, by its parameters alone. */
export interface Penalty {
  /** Names of the parameters that it depends on. */
  readonly parameters: readonly string[];
  /**
   * Arrays that no op can compute of these parameters, such as an assignment: the host computes them before update 0 and
   * every so many updates, and they stay in between. Their names are no parameter's.
   */
  readonly aids?: { readonly every: number; compute(parameters: NamedArrays): NamedArrays };
  /** A scalar, of these parameters and the aids by their names. */
  loss(tensors: TensorMap): Tensor;
}

/** A pure function of named parameters. Shapes are static: `[batch, ...]` with a fixed batch. */
export interface Model {
  /** Names are paths: `conv1/kernel`. Kernels of convolutions are `[height, width, in, out]`, of dense layers `[in, out]`. */
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Whether training draws random numbers within a step: its steps then have a key. */
  readonly usesRandom?: boolean;
  readonly penalty?: Penalty;
  /**
   * Maps inputs (`image`: `[batch, height, width, channels]`) to outputs (`prediction`: `[batch, targets]`).
   * @param random Key of a training step's draws, int32 `[2]`; there is none in evaluation.
   */
  apply(parameters: TensorMap, inputs: TensorMap, random?: Tensor): TensorMap;
  /**
   * What the linear layer `read-out` reads, `[batch, features]`: the representation that probes and objectives look at.
   * Absent where there is no such layer, and of a model whose steps draw.
   */
  features?(parameters: TensorMap, inputs: TensorMap): Tensor;
}

/** What a model must fit: the shapes of its inputs, without the batch axis, and the number of its outputs. */
export interface ModelShapes {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: number;
  /** How many of these belong to each target, in order, where a model is to know. */
  readonly targets?: readonly number[];
}
