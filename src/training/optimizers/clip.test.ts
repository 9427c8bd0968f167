import { tensor, tidy } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sizeOf } from '../../core/numbers/shape.js';
import { startEngine } from '../../engine/backends/start.js';
import { fillUniform } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { type ClipOptions, clipGradients } from './clip.js';
import { createSgd } from './sgd.js';

beforeAll(async () => {
  await startEngine({ backend: 'wasm', threads: 1 });
});

const draw = (shape: readonly number[], seed: number, most: number) => ({
  shape: [...shape],
  data: fillUniform(stream(seed, 'test'), new Float32Array(sizeOf(shape)), -most, most),
});

/** Gradients after clipping. */
function clip(options: Partial<ClipOptions>, gradients: readonly ReturnType<typeof draw>[]): Float32Array[] {
  const sgd = createSgd({ momentum: 0, nesterov: false });
  const optimizer = clipGradients(sgd, { clip_norm: null, clip_value: null, ...options });
  const inputs = { learningRate: 0.1 };
  let clipped: Float32Array[] = [];
  tidy(() => {
    const tensors = gradients.map(({ shape, data }, index) => [`p${index}`, tensor(data, shape)] as const);
    const numbers = { ...inputs, ...optimizer.numbers(inputs, 1) };
    const result = optimizer.transform!(Object.fromEntries(tensors), numbers);
    clipped = tensors.map(([name]) => result[name]!.dataSync<'float32'>().slice());
  });
  return clipped;
}

const normOf = (arrays: readonly Float32Array[]) =>
  Math.sqrt(arrays.flatMap((array) => [...array]).reduce((sum, value) => sum + value ** 2, 0));

const shapes = fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }), {
  minLength: 1,
  maxLength: 4,
});
const limit = fc.double({ min: 1e-3, max: 1e3, noNaN: true });

describe('clipping', () => {
  it('limits the common norm and keeps the direction, and touches nothing below the limit', () => {
    fc.assert(
      fc.property(shapes, fc.integer(), limit, limit, (all, seed, most, clip_norm) => {
        const gradients = all.map((shape, index) => draw(shape, (seed + index) >>> 0, most));
        const before = gradients.map(({ data }) => data.slice());
        const after = clip({ clip_norm }, gradients);
        const norm = normOf(before);
        if (norm < clip_norm * (1 - 1e-5)) return void expect(after).toEqual(before);
        expect(normOf(after)).toBeLessThan(clip_norm * (1 + 1e-5));
        const share = Math.min(clip_norm / (norm + 1e-6), 1);
        for (const [index, array] of before.entries()) {
          for (const [at, value] of array.entries())
            expect(Math.abs(after[index]![at]! - value * share)).toBeLessThanOrEqual(1e-5 * clip_norm);
        }
      }),
    );
  });

  it('gives the same bits whatever the order of the parameters', () => {
    const gradients = Array.from({ length: 5 }, (_, index) => draw([7, 1 + index], index, 1 + index));
    const inputs = { learningRate: 0.1 };
    const optimizer = clipGradients(createSgd({ momentum: 0, nesterov: false }), {
      clip_norm: 0.1,
      clip_value: null,
    });
    const clipInOrder = (order: readonly number[]) =>
      tidy(() => {
        const entries = order.map((at) => [`p${at}`, tensor(gradients[at]!.data.slice(), [7, 1 + at])]);
        const result = optimizer.transform!(Object.fromEntries(entries), optimizer.numbers(inputs, 1));
        return order.toSorted().map((at) => [...result[`p${at}`]!.dataSync()]);
      });
    const expected = clipInOrder([0, 1, 2, 3, 4]);
    for (const order of [
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
      [1, 4, 0, 3, 2],
    ]) {
      expect(clipInOrder(order)).toEqual(expected);
    }
  });

  it('limits every element', () => {
    expect(clip({ clip_value: 0.5 }, [{ shape: [4], data: Float32Array.of(-2, -0.25, 0.5, 7) }])).toEqual([
      Float32Array.of(-0.5, -0.25, 0.5, 0.5),
    ]);
  });

  it.each([[[2048, 512]], [[3, 3, 128, 256]], [[4096]]])(
    'takes the norm of %j to float precision',
    (shape) => {
      const gradient = draw(shape, 1, 1);
      const [clipped] = clip({ clip_norm: 1 }, [{ ...gradient, data: gradient.data.slice() }]);
      expect(normOf([clipped!])).toBeGreaterThan(1 - 2e-6);
      expect(normOf([clipped!])).toBeLessThan(1 + 2e-6);
    },
  );
});
