import { sizeOf } from '../core/numbers/shape.js';
import type { NamedArray, NamedArrays } from '../engine/engine.js';
import { fillNormal, fillUniform } from '../random/draw.js';
import { stream } from '../random/stream.js';
import type { Model, ParameterSpec } from './model.js';

/**
 * Starting values of all parameters. Each draws from a stream of its own, named after it, so that a layer
 * more or less changes no other parameter.
 */
export function initialParameters(model: Model | Pick<Model, 'parameters'>, seed: number): NamedArrays {
  return Object.fromEntries(
    Object.entries(model.parameters).map(([name, spec]) => [name, initialise(name, spec, seed)]),
  );
}

/** Number of trainable values. */
export function countParameters(model: Model): number {
  return Object.values(model.parameters).reduce(
    (total, { shape, trained = true }) => total + (trained ? sizeOf(shape) : 0),
    0,
  );
}

/** Names of the parameters that weight decay spares, whatever their shapes. */
export function sparedParameters({ parameters }: Model): ReadonlySet<string> {
  return new Set(Object.keys(parameters).filter((name) => parameters[name]!.decayed === false));
}

/** Names of the parameters that training leaves as they start. */
export function frozenParameters({ parameters }: Model): readonly string[] {
  return Object.keys(parameters).filter((name) => parameters[name]!.trained === false);
}

function initialise(name: string, { shape, initializer }: ParameterSpec, seed: number): NamedArray {
  const data = new Float32Array(sizeOf(shape));
  const source = stream(seed, 'init', name);
  switch (initializer.kind) {
    case 'constant':
      return { shape, data: data.fill(initializer.value) };
    case 'uniform':
      return { shape, data: fillUniform(source, data, -initializer.bound, initializer.bound) };
    case 'normal':
      return { shape, data: fillNormal(source, data, initializer.deviation, initializer.limit) };
    case 'computed':
      return { shape, data: initializer.compute(source, shape) };
  }
}
