import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../engine/arrays.js';
import type { NamedArrays } from '../engine/engine.js';
import { randomValues, runOn, startBoth } from '../engine/testing/backends.js';
import { countParameters, initialParameters } from './initialise.js';
import { createPatchMlp } from './patch-mlp.js';

beforeAll(startBoth);

const model = createPatchMlp(
  { patch: 2, channels: 3, width: 5 },
  { inputs: { image: [4, 4, 1] }, outputs: 2 },
);
const parameters = initialParameters(model, 1);
const image: NamedArrays = { image: { shape: [1, 4, 4, 1], data: randomValues(16, 1) } };
const predict = () => [
  ...runOn('wasm', () => model.apply(toTensors(parameters), toTensors(image)).prediction!)[0]!.data,
];

/** The definition, with plain numbers: a patch is a square of 2 x 2, row by row. */
function expected(): number[] {
  const data = (name: string) => parameters[name]!.data;
  const layer = (x: readonly number[], name: string, outputs: number, activation?: 'relu') =>
    Array.from({ length: outputs }, (_, j) => {
      const sum = x.reduce((total, value, i) => total + value * data(`${name}/kernel`)[i * outputs + j]!, 0);
      const y = sum + data(`${name}/bias`)[j]!;
      return activation === 'relu' ? Math.max(0, y) : y;
    });
  const pixel = (row: number, column: number) => image.image!.data[4 * row + column]!;
  const seen = [0, 2].flatMap((row) =>
    [0, 2].flatMap((column) => {
      const patch = [0, 1].flatMap((down) => [0, 1].map((right) => pixel(row + down, column + right)));
      return layer(patch, 'patches', 3, 'relu');
    }),
  );
  return layer(layer(seen, 'dense1', 5, 'relu'), 'read-out', 2);
}

describe('an MLP of patches', () => {
  it('sees every patch by the same layer, then all of them', () => {
    const values = expected();
    for (const [index, value] of predict().entries()) expect(value).toBeCloseTo(values[index]!, 5);
  });

  it('has the parameters of its layers', () => {
    const usual = { patch: 4, channels: 16, width: 32 };
    const built = createPatchMlp(usual, { inputs: { image: [16, 16, 1] }, outputs: 1 });
    expect(countParameters(built)).toBe(17 * 16 + 257 * 32 + 33);
  });

  it('refuses images that its patches do not cover', () => {
    const create = () =>
      createPatchMlp({ patch: 4, channels: 1, width: 1 }, { inputs: { image: [6, 8, 1] }, outputs: 1 });
    expect(create).toThrow('the model patch_mlp needs images whose sides are multiples of 4');
  });
});
