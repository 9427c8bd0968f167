import { type Conv2DBackpropInputAttrs, engine, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fill, relativeError, runOn, startBoth } from '../testing/backends.js';

type Padding = Conv2DBackpropInputAttrs['pad'];
interface Case {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernel: readonly [number, number];
  readonly filters: number;
  readonly strides: readonly [number, number];
  readonly pad: Padding;
}

beforeAll(startBoth);

function runKernel(name: string, inputs: Record<string, Tensor>, attributes: NamedAttrMap): Tensor {
  return engine().runKernel(name, inputs, attributes) as Tensor;
}

/** Forward, fused forward, and both gradients of one convolution. */
function convolve(c: Case, backend: 'wasm' | 'cpu') {
  return runOn(backend, () => {
    const x = fill([c.batch, c.height, c.width, c.channels], 1);
    const filter = fill([...c.kernel, c.channels, c.filters], 2);
    const bias = fill([c.filters], 3);
    const attributes = {
      strides: [...c.strides],
      pad: c.pad,
      dataFormat: 'NHWC',
      dilations: [1, 1],
      dimRoundingMode: 'floor',
    } as unknown as NamedAttrMap;
    const y = runKernel('Conv2D', { x, filter }, attributes);
    const dy = fill(y.shape, 4);
    return [
      y,
      runKernel('FusedConv2D', { x, filter, bias }, { ...attributes, activation: 'relu' }),
      runKernel('Conv2DBackpropFilter', { x, dy }, { ...attributes, filterShape: filter.shape }),
      runKernel('Conv2DBackpropInput', { dy, filter }, { ...attributes, inputShape: x.shape }),
    ];
  });
}

function worstError(c: Case): number {
  const expected = convolve(c, 'cpu');
  const found = convolve(c, 'wasm');
  return Math.max(...found.map((values, index) => relativeError(values, expected[index]!)));
}

const make = (
  sizes: readonly [number, number, number, number],
  kernel: readonly [number, number],
  filters: number,
  strides: readonly [number, number],
  pad: Padding,
): Case => {
  const [batch, height, width, channels] = sizes;
  return { batch, height, width, channels, kernel, filters, strides, pad };
};

describe('convolutions and their gradients equal those of the cpu backend', () => {
  it.each<Case>([
    make([3, 16, 16, 1], [4, 4], 32, [2, 2], 'same'),
    make([1, 8, 8, 32], [4, 4], 32, [2, 2], 'same'),
    make([3, 6, 6, 64], [4, 4], 40, [2, 2], 'same'),
    make([3, 4, 4, 64], [4, 4], 70, [1, 1], 'valid'),
    make([2, 7, 9, 3], [3, 3], 5, [1, 1], 'same'),
    make([2, 7, 9, 3], [3, 3], 5, [2, 2], 'same'),
    make([2, 10, 11, 6], [3, 5], 9, [3, 2], 'same'),
    make([2, 10, 11, 6], [3, 5], 9, [3, 2], 'valid'),
    make([1, 6, 6, 2], [2, 2], 3, [3, 3], 'valid'),
    make([1, 5, 5, 4], [1, 1], 7, [1, 1], 'same'),
    make([1, 9, 9, 4], [1, 1], 7, [2, 2], 'same'),
    make([2, 6, 6, 4], [3, 3], 8, [2, 2], 2),
    make(
      [1, 6, 7, 4],
      [3, 3],
      8,
      [1, 1],
      [
        [0, 0],
        [2, 1],
        [0, 3],
        [0, 0],
      ],
    ),
    make([1, 1, 1, 1], [1, 1], 1, [1, 1], 'valid'),
    make([2, 28, 28, 1], [5, 5], 6, [1, 1], 'valid'),
  ])(
    '$batch x $height x $width x $channels, kernel $kernel, $filters filters, stride $strides, $pad',
    (c) => {
      expect(worstError(c)).toBeLessThan(1e-5);
    },
  );

  it.each<Case>([
    make([3, 16, 16, 8], [4, 4], 32, [2, 2], 'same'),
    make([2, 7, 9, 12], [4, 4], 20, [2, 2], 'same'),
    make([2, 10, 4, 36], [4, 4], 8, [2, 2], 'valid'),
    make([150, 5, 6, 8], [4, 4], 12, [2, 2], 'valid'),
    make(
      [2, 9, 11, 16],
      [4, 4],
      16,
      [2, 2],
      [
        [0, 0],
        [3, 2],
        [0, 1],
        [0, 0],
      ],
    ),
    make([1, 2, 3, 16], [4, 4], 16, [2, 2], 'same'),
    make([1, 4, 5, 8], [4, 4], 8, [2, 2], 1),
    make([2, 6, 6, 64], [4, 4], 24, [2, 2], 2),
  ])('by minimal filtering: $batch x $height x $width x $channels, $filters filters, $pad', (c) => {
    expect(worstError(c)).toBeLessThan(1e-5);
  });

  it('for any sizes of a 4x4 kernel with stride 2', () => {
    const size = fc.integer({ min: 4, max: 10 });
    const channels = fc.integer({ min: 2, max: 5 }).map((groups) => 4 * groups);
    const cases = fc.record({
      batch: fc.integer({ min: 1, max: 4 }),
      height: size,
      width: size,
      channels,
      kernel: fc.constant<[number, number]>([4, 4]),
      filters: channels,
      strides: fc.constant<[number, number]>([2, 2]),
      pad: fc.constantFrom<Padding>('same', 'valid', 1),
    });
    fc.assert(
      fc.property(cases, (c) => {
        expect(worstError(c)).toBeLessThan(1e-5);
      }),
      { numRuns: 25 },
    );
  });

  it('for any sizes', () => {
    const size = fc.integer({ min: 1, max: 11 });
    const taps = fc.integer({ min: 1, max: 5 });
    const stride = fc.integer({ min: 1, max: 4 });
    const channels = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 30, max: 35 }));
    const cases = fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      height: size,
      width: size,
      channels,
      kernel: fc.tuple(taps, taps),
      filters: channels,
      strides: fc.tuple(stride, stride),
      pad: fc.constantFrom<Padding>('same', 'valid'),
    });
    fc.assert(
      fc.property(cases, (c) => {
        fc.pre(c.pad === 'same' || (c.kernel[0] <= c.height && c.kernel[1] <= c.width));
        expect(worstError(c)).toBeLessThan(1e-5);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves dilated convolutions to the shipped kernel', () => {
    const dilated = (backend: 'wasm' | 'cpu') =>
      runOn(backend, () =>
        runKernel(
          'Conv2D',
          { x: fill([1, 8, 8, 2], 1), filter: fill([3, 3, 2, 4], 2) },
          { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [2, 2] },
        ),
      )[0]!;
    expect(relativeError(dilated('wasm'), dilated('cpu'))).toBeLessThan(1e-5);
  });
});
