import { sizeOf } from '../core/shape.js';
import type { NamedArray, NamedArrays } from '../engine/engine.js';
import { fillUniform } from '../random/draw.js';
import { stream } from '../random/stream.js';
import type { Model, ParameterSpec } from './model.js';

/**
 * Starting values of all parameters. Each draws from a stream of its own, named after it, so that a layer
 * more or less changes no other parameter.
 */
export function initialParameters(model: Model, seed: number): NamedArrays {
  return Object.fromEntries(
    Object.entries(model.parameters).map(([name, spec]) => [name, initialise(name, spec, seed)]),
  );
}

/** Number of trainable values. */
export function countParameters(model: Model): number {
  return Object.values(model.parameters).reduce((total, { shape }) => total + sizeOf(shape), 0);
}

function initialise(name: string, { shape, initializer }: ParameterSpec, seed: number): NamedArray {
  const data = new Float32Array(sizeOf(shape));
  if (initializer.kind === 'constant') data.fill(initializer.value);
  else fillUniform(stream(seed, 'init', name), data, -initializer.bound, initializer.bound);
  return { shape, data };
}
