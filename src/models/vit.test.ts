import { mul, sum, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../engine/arrays.js';
import type { NamedArray, NamedArrays } from '../engine/engine.js';
import { fill, randomValues, relativeError, runOn, startBoth } from '../engine/testing/backends.js';
import { createEagerTrainer } from '../engine/trainer.js';
import { countParameters, initialParameters, sparedParameters } from './initialise.js';
import { readGradients } from './testing/gradients.js';
import { createVit, type VitOptions } from './vit.js';

beforeAll(startBoth);

const options: VitOptions = { width: 8, layers: 2, heads: 2, expansion: 2, patch: 2 };
const shapes = { inputs: { image: [4, 4, 3] }, outputs: 3 };
const model = createVit(options, shapes);
const image: NamedArray = { shape: [2, 4, 4, 3], data: randomValues(96, 1) };
/** Positions and the class token are so small at the start that nothing would depend on them. */
const parameters: NamedArrays = Object.fromEntries(
  Object.entries(initialParameters(model, 1)).map(([name, { shape, data }], index) => [
    name,
    name === 'positions' || name === 'class'
      ? { shape, data: randomValues(data.length, 50 + index) }
      : { shape, data },
  ]),
);
const predict = (given: NamedArrays, seen: NamedArray) =>
  runOn('wasm', () => model.apply(toTensors(given), toTensors({ image: seen })).prediction!)[0]!;

describe('a Vision Transformer', () => {
  it.each([
    [{ width: 64, layers: 8, heads: 4, expansion: 4, patch: 8 }, 64, 417_811],
    [{ width: 32, layers: 5, heads: 2, expansion: 4, patch: 8 }, 32, 70_963],
  ])('has the parameters of its layers: %j', (large, side, count) => {
    const { width: d, layers, patch } = large;
    const block = 4 * (d * d + d) + (8 * d * d + 5 * d) + 4 * d;
    const tokens = (side / patch) ** 2 + 1;
    const ends = 3 * patch ** 2 * d + d + d + tokens * d + 2 * d + 19 * d + 19;
    expect(layers * block + ends).toBe(count);
    const built = createVit(large, { inputs: { image: [side, side, 3] }, outputs: 19 });
    expect(countParameters(built)).toBe(count);
  });

  it('does not depend on the order of its patches, but for their positions', () => {
    const order = [2, 0, 3, 1];
    const moved = image.data.slice();
    const at = (example: number, place: number, row: number) =>
      48 * example + 12 * (2 * Math.floor(place / 2) + row) + 6 * (place % 2);
    for (const example of [0, 1]) {
      for (const [place, from] of order.entries()) {
        for (const row of [0, 1]) {
          const source = at(example, from, row);
          moved.set(image.data.subarray(source, source + 6), at(example, place, row));
        }
      }
    }
    const positions = parameters.positions!;
    const rows = [0, ...order.map((from) => from + 1)];
    const permuted = rows.flatMap((row) => [...positions.data.slice(8 * row, 8 * row + 8)]);
    const both = {
      ...parameters,
      positions: { ...positions, data: Float32Array.from(permuted) },
    };
    const before = predict(parameters, image);
    const after = { shape: image.shape, data: moved };
    expect(relativeError(predict(both, after), before)).toBeLessThan(2e-6);
    expect(relativeError(predict(parameters, after), before)).toBeGreaterThan(1e-3);
  });

  it('has the gradients of finite differences', () => {
    const loss = (tensors: Readonly<Record<string, Tensor>>, seen: Tensor) =>
      sum(mul(model.apply(tensors, { image: seen }).prediction!, fill([2, 3], 7)));
    const { gradients } = readGradients(
      { createTrainer: createEagerTrainer },
      parameters,
      (tensors, batch) => loss(tensors, batch.image!),
      { image },
    );
    for (const [name, { shape, data }] of Object.entries(parameters)) {
      const place = data.length >> 1;
      const moved = (by: number) =>
        runOn('wasm', () => {
          const changed = Float32Array.from(data).with(place, data[place]! + by);
          const tensors = toTensors({ ...parameters, [name]: { shape, data: changed }, image });
          return loss(tensors, tensors.image!);
        })[0]!.data[0]!;
      const difference = (moved(1e-2) - moved(-1e-2)) / 2e-2;
      expect({ name, slope: gradients[name]!.data[place] }).toEqual({
        name,
        slope: expect.closeTo(difference, 2),
      });
    }
  });

  it('lets decay reach neither positions nor the class token, and refuses images that are not cut', () => {
    expect([...sparedParameters(model)]).toEqual(['class', 'positions']);
    expect(() => createVit(options, { inputs: { image: [5, 4, 3] }, outputs: 2 })).toThrow('multiples of 2');
  });
});
