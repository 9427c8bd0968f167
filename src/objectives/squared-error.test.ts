import { tensor, tidy } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../engine/backends/start.js';
import type { Engine, NamedArrays } from '../engine/engine.js';
import { readGradients } from '../models/testing/gradients.js';
import { loadObjective } from './index.js';
import { squaredError } from './squared-error.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ backend: 'wasm', threads: 1 });
});

const value = (prediction: number[][], batch: Record<string, readonly number[] | number[][]>) =>
  tidy(() => {
    const tensors = Object.entries(batch).map(([name, data]) => [name, tensor(data as number[])]);
    return squaredError({ prediction: tensor(prediction) }, Object.fromEntries(tensors)).dataSync()[0]!;
  });
const rows = (data: readonly number[], width: number) =>
  Array.from({ length: data.length / width }, (_, row) => data.slice(row * width, (row + 1) * width));

describe('squared error', () => {
  it('is summed over the targets and averaged over the batch', () => {
    expect(value(rows([1, 2, 3, 4], 2), { target: rows([0, 0, 3, 1], 2) })).toBe((1 + 4 + 0 + 9) / 2);
  });

  it('has the gradient of its finite differences', () => {
    const numbers = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(numbers, numbers, (outputs, targets) => {
        const array = (data: readonly number[], ...shape: number[]) => ({
          shape,
          data: Float32Array.from(data),
        });
        const batch: NamedArrays = { target: array(targets, 3, 2) };
        const { gradients } = readGradients(
          engine,
          { prediction: array(outputs, 3, 2) },
          squaredError,
          batch,
        );
        const h = 2 ** -6;
        const difference = outputs.map((output, i) => {
          const [above, below] = [output + h, output - h].map((moved) =>
            value(rows(outputs.with(i, moved), 2), {
              target: rows(targets, 2),
            }),
          );
          return (above! - below!) / (2 * h);
        });
        gradients.prediction!.data.forEach((gradient, i) => {
          expect(gradient).toBeCloseTo(difference[i]!, 3);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('is found by its name in the config', async () => {
    expect((await loadObjective({ name: 'squared_error' }, [])).loss).toBe(squaredError);
  });
});
