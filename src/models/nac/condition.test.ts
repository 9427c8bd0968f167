import { slice } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { toTensors } from '../../engine/arrays.js';
import { fill, relativeError, runOn, startBoth } from '../../engine/testing/backends.js';
import { countParameters, initialParameters } from '../initialise.js';
import type { Model } from '../model.js';
import type { ConditionUse } from './condition.js';
import { createNac } from './nac.js';
import { tinyNac } from './testing/tiny-nac.js';

beforeAll(startBoth);

const options = { ...tinyNac, layers: 1 };
const shapes = { inputs: { image: [16, 16, 3], condition: [1, 3] }, outputs: 4 };
const create = (condition: ConditionUse) => createNac({ ...options, condition }, shapes);
const change = 'design/generator/codes/kernel';

/** Predictions of one image under two conditions. */
function answer(model: Model, trained: boolean) {
  const [first, second] = runOn('wasm', () => {
    const all = toTensors(initialParameters(model, 1));
    const parameters = trained && change in all ? { ...all, [change]: fill([8, 8], 9) } : all;
    const image = fill([1, 16, 16, 3], 5);
    return [0, 1].map((row) => {
      const condition = slice(fill([2, 1, 3], 3), [row, 0, 0], [1, 1, 3]);
      return model.apply(parameters, { image, condition }).prediction!;
    });
  });
  return [first!, second!] as const;
}

describe('the condition of a circuit', () => {
  it('generates its design, which starts as the static one', () => {
    const [fixed] = answer(create('none'), false);
    const [a, b] = answer(create('design'), false);
    expect(relativeError(a, fixed)).toBeLessThan(2e-6);
    expect(relativeError(b, fixed)).toBeLessThan(2e-6);
    const [c, d] = answer(create('design'), true);
    expect(relativeError(c, d)).toBeGreaterThan(1e-3);
  });

  it('or stands among its tokens, or does nothing', () => {
    const [a, b] = answer(create('token'), false);
    expect(relativeError(a, b)).toBeGreaterThan(1e-4);
    const [c, d] = answer(create('none'), false);
    expect(c.data).toEqual(d.data);
    expect(countParameters(create('token')) - countParameters(create('none'))).toBe(3 * 12 + 12);
  });

  it.each(['design', 'token'] as const)('must be there: %s', (condition) => {
    const images = { inputs: { image: [16, 16, 3] }, outputs: 4 };
    expect(() => createNac({ ...options, condition }, images)).toThrow(
      `model.condition=${condition} needs examples with a condition, but the dataset has image [16, 16, 3] alone`,
    );
    expect(createNac(options, images).parameters).toBeDefined();
  });
});
