import { expect } from 'vitest';
import type { NamedArrays } from '../../engine/engine.js';
import { dense, denseParameters } from '../../models/layers/dense.js';
import { flatten } from '../../models/layers/flatten.js';
import type { Model } from '../../models/model.js';
import { withReadOut } from '../../models/read-out.js';
import type { Head } from '../../variables/targets.js';
import { batchInputs, batchLabels, environments } from './algorithms.js';

export const head: Head = { name: 'label', kind: 'categorical', start: 0, width: 3 };

/** The net of the reference numbers, of so many inputs. */
export function createNet(inputs: number, name: string): Model {
  return withReadOut(
    {
      parameters: { ...denseParameters('dense1', inputs, 5), ...denseParameters('dense2', 5, 4) },
      features: (parameters, { [name]: x }) =>
        dense(parameters, 'dense2', dense(parameters, 'dense1', flatten(x!), 'relu'), 'linear'),
      width: 4,
    },
    3,
  );
}

/** Batch `t`, environment after environment. */
export function batchOf(t: number, images = false): NamedArrays {
  const rows = environments * 8;
  const data = batchInputs(t, images);
  return {
    ...(images ? { image: { shape: [rows, 4, 4, 1], data } } : { features: { shape: [rows, 6], data } }),
    target: { shape: [rows, 1], data: Float32Array.from(batchLabels(t)) },
  };
}

/** Arrays so far from their start, in units of 1e-8. */
export function move(start: NamedArrays, moved: readonly number[]): NamedArrays {
  let place = 0;
  return Object.fromEntries(
    Object.entries(start).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data, (value) => value + 1e-8 * moved[place++]!) },
    ]),
  );
}

/** The largest distance of two numbers at one place. */
export function farthest(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found).toHaveLength(expected.length);
  return Array.from(found).reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
}
