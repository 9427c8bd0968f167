import { sizeOf } from '../../../core/numbers/shape.js';
import type { NamedArray, NamedArrays } from '../../../engine/engine.js';
import { randomValues } from '../../../engine/testing/backends.js';
import type { ParameterSpec } from '../../model.js';
import { type CircuitOptions, circuitParameters } from '../circuit.js';
import { designParameters, standardNormal } from '../design/design.js';

export const smallOptions: CircuitOptions = {
  width: 8,
  tokenWidth: 6,
  outputs: 3,
  layers: 2,
  readIn: { heads: 2, headWidth: 4 },
  propagators: { heads: 2, headWidth: 4 },
  readOut: { heads: 1, headWidth: 8 },
  expansion: 2,
  modulated: true,
  links: { truncation: 0.9, temperature: 0.5, learnBandwidth: true },
  layerScale: 0.3,
  dropPath: 0,
  pooling: 'confidence',
};

const design = {
  width: 8,
  processors: 6,
  readOuts: 2,
  signatures: { width: 4, initializer: standardNormal },
};

/** Random values of every parameter, scales around 1, of a circuit of six processors and two read-out modules. */
export function smallParameters(options: CircuitOptions = smallOptions, seed = 1): NamedArrays {
  const specs = { ...designParameters('design', design), ...circuitParameters('circuit', options) };
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec], index) => [name, drawAround(name, spec, 100 * seed + index)]),
  );
}

function drawAround(name: string, { shape }: ParameterSpec, seed: number): NamedArray {
  const centre = name.endsWith('/scale') || name.endsWith('/bandwidth') ? 1 : 0;
  const spread = centre === 1 ? 0.2 : 0.6;
  return { shape, data: randomValues(sizeOf(shape), seed).map((value) => centre + spread * value) };
}

export function smallTokens(batch = 3, seed = 7): NamedArray {
  return { shape: [batch, 5, 6], data: randomValues(batch * 30, seed) };
}
