import type { TensorMap } from '../engine/engine.js';

/**
 * How a parameter starts: at one value, or drawn uniformly between -bound and bound. Draws come from the run's `init`
 * stream, one stream per parameter name.
 */
export type Initializer =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly bound: number };

export interface ParameterSpec {
  readonly shape: readonly number[];
  readonly initializer: Initializer;
}

/** A pure function of named parameters. Shapes are static: `[batch, ...]` with a fixed batch. */
export interface Model {
  /** Names are paths: `conv1/kernel`. Kernels of convolutions are `[height, width, in, out]`, of dense layers `[in, out]`. */
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Maps inputs (`image`: `[batch, height, width, channels]`) to outputs (`prediction`: `[batch, targets]`). */
  apply(parameters: TensorMap, inputs: TensorMap): TensorMap;
}

/** What a model must fit: the shapes of its inputs, without the batch axis, and the number of its outputs. */
export interface ModelShapes {
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: number;
}
