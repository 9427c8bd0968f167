import { beforeAll, describe, expect, it } from 'vitest';
import { sizeOf } from '../core/numbers/shape.js';
import { toTensors } from '../engine/arrays.js';
import type { NamedArray } from '../engine/engine.js';
import { runOn, startBoth } from '../engine/testing/backends.js';
import { createDigitCnn } from './digit-cnn.js';
import { countParameters } from './initialise.js';

beforeAll(startBoth);

const shapes = { inputs: { image: [6, 6, 2] }, outputs: 3 };
const fill = (shape: readonly number[], at: (index: number) => number): NamedArray => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, (_, index) => at(index)),
});
const value = (shape: readonly number[], k: number, scale: number, base = 0) =>
  fill(shape, (index) => base + ((((index * 7 + k * 13) % 17) - 8) / 8) * scale);

describe('the network for digits', () => {
  it("is PyTorch's with the same parameters, padding included", () => {
    const model = createDigitCnn({ channels: [4, 8, 8], groups: 2 }, shapes);
    const parameters = Object.fromEntries(
      Object.entries(model.parameters).map(([name, { shape }]) => {
        const layer = Number(/\d/.exec(name)?.[0] ?? 10) - 1;
        const kind = name.split('/').join(' ').replace(/\d/, '');
        switch (kind) {
          case 'conv kernel':
            return [name, value(shape, layer, 0.3)];
          case 'conv bias':
            return [name, value(shape, layer + 5, 0.2)];
          case 'norm scale':
            return [name, value(shape, layer + 2, 0.5, 1)];
          case 'norm shift':
            return [name, value(shape, layer + 3, 0.1)];
          case 'read-out kernel':
            return [name, value(shape, 9, 0.5)];
          default:
            return [name, value(shape, 1, 0.1)];
        }
      }),
    );
    const image = fill([2, 6, 6, 2], (index) => ((index * 5) % 11) / 10);
    // torch 2.15 in double precision: conv2d(padding=1), relu, group_norm, mean over places, linear.
    const expected = [-0.699557, 0.118798, 0.277421, -0.815605, 0.373275, 0.073833];
    for (const backend of ['cpu', 'wasm'] as const) {
      const [found] = runOn(
        backend,
        () => model.apply(toTensors(parameters), toTensors({ image })).prediction!,
      );
      for (const [index, number] of expected.entries()) expect(found!.data[index]).toBeCloseTo(number, 4);
    }
  });

  it("has DomainBed's parameters for coloured digits", () => {
    const model = createDigitCnn(
      { channels: [64, 128, 128, 128], groups: 8 },
      { inputs: { image: [28, 28, 2] }, outputs: 2 },
    );
    const convolutions = [2 * 64, 64 * 128, 128 * 128, 128 * 128].reduce((sum, pairs) => sum + 9 * pairs, 0);
    expect(countParameters(model)).toBe(convolutions + 3 * (64 + 3 * 128) + 129 * 2);
  });

  it.each([
    [{ ...shapes, inputs: { image: [5, 5, 1] } }, [8], 'square images with an even side'],
    [shapes, [12], 'a norm of 8 groups does not divide 12 channels'],
  ])('refuses what it cannot take', (given, channels, message) => {
    expect(() => createDigitCnn({ channels, groups: 8 }, given)).toThrow(message);
  });
});
