import { tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NamedArrays } from '../../../engine/engine.js';
import { runOn, startBoth } from '../../../engine/testing/backends.js';
import { probabilitiesOf } from '../links/link-kernel.js';
import { densityOf } from '../priors/graph.js';
import { countProcessors, keepProcessors } from './keep-processors.js';
import { chooseProcessors } from './order-processors.js';
import { cosineDistances, degreesOf, readLinks } from './read-links.js';

beforeAll(startBoth);

const signatures = [1, 0, 0, 0.8, 0.6, 0, 0, 0, 1, 0.5, 0.4, 0.7];
const parameters: NamedArrays = {
  'design/processors/codes': { shape: [4, 2], data: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8]) },
  'design/processors/signatures': { shape: [4, 3], data: Float32Array.from(signatures) },
  'circuit/propagator1/bandwidth': { shape: [], data: Float32Array.of(1) },
  'circuit/propagator2/bandwidth': { shape: [], data: Float32Array.of(0.5) },
  'circuit/read-out/bandwidth': { shape: [], data: Float32Array.of(7) },
  'circuit/read-in/out/kernel': { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
};

describe('the links of a circuit', () => {
  it('are those that the model computes, mean over its propagators', () => {
    const { probabilities, bandwidths } = readLinks(parameters, 0.9)!;
    const expected = [1, 0.5].map((bandwidth) => {
      const compute = () => {
        const s = tensor2d(signatures, [4, 3]);
        const at = { 'p/bandwidth': tensor2d([[bandwidth]]).asScalar() };
        return probabilitiesOf(at, 'p', [s, s], { truncation: 0.9, temperature: 0.5, learnBandwidth: true });
      };
      return [...runOn('wasm', compute)[0]!.data];
    });
    const mean = expected[0]!.map((value, at) => (value + expected[1]![at]!) / 2);
    expect([...probabilities]).toEqual(mean.map((value) => expect.closeTo(value, 5)));
    expect(bandwidths).toEqual({ propagator1: 1, propagator2: 0.5, 'read-out': 7 });
  });

  it('make a graph where distances are within the truncation, and degrees', () => {
    const table = readLinks(parameters, 0.9)!;
    // The third is at a right angle to the first two.
    expect([...table.graph.adjacency]).toEqual([0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0]);
    expect(densityOf(table.graph)).toBeCloseTo(8 / 12);
    const degrees = degreesOf(table);
    expect(degrees[3]).toBe(Math.max(...degrees));
    expect(degrees[2]).toBe(Math.min(...degrees));
    expect(degrees[0]! + degrees[1]! + degrees[2]! + degrees[3]!).toBeCloseTo(
      table.probabilities.reduce((sum, p) => sum + p, -4),
    );
  });

  it('reach everybody without a truncation, and are none without signatures', () => {
    const open = readLinks(parameters, null)!;
    expect(open.probabilities.every((p) => p > 0)).toBe(true);
    expect(readLinks({}, 0.9)).toBeUndefined();
    expect(cosineDistances([0, 0, 1, 0], 2, 2)[1]).toBe(1);
  });
});

describe('the processors that stay', () => {
  const degrees = Float64Array.of(0.5, 3, 0.1, 3, 2);
  const choose = (order: 'degree' | 'random' | 'hubs-first', count: number, draw = 0) => [
    ...chooseProcessors({ order, processors: 5, degrees, seed: 3, draw }, count),
  ];

  it('are hubs by degree, and the others where hubs go first; all of them ascending', () => {
    expect([1, 2, 3].map((count) => choose('degree', count))).toEqual([[1], [1, 3], [1, 3, 4]]);
    expect([1, 2, 3].map((count) => choose('hubs-first', count))).toEqual([[2], [0, 2], [0, 2, 4]]);
    expect(choose('degree', 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it('are drawn by seed and draw, fewer among more', () => {
    expect(choose('random', 3)).toEqual(choose('random', 3));
    expect(choose('random', 4)).toEqual(expect.arrayContaining(choose('random', 3)));
    const different = new Set([0, 1, 2, 3, 4, 5].map((draw) => choose('random', 2, draw).join()));
    expect(different.size).toBeGreaterThan(2);
    expect(() => chooseProcessors({ order: 'degree', processors: 2, seed: 0, draw: 0 }, 1)).toThrow(
      RangeError,
    );
  });

  it('take their rows with them, and leave all other weights as they are', () => {
    const kept = keepProcessors(
      { ...parameters, 'design/processors/codes/m': parameters['design/processors/codes']! },
      Uint32Array.of(1, 3),
    );
    expect(kept['design/processors/codes']).toEqual({ shape: [2, 2], data: Float32Array.of(3, 4, 7, 8) });
    expect(kept['design/processors/codes/m']).toEqual(kept['design/processors/codes']);
    expect(kept['design/processors/signatures']!.shape).toEqual([2, 3]);
    expect(kept['circuit/read-in/out/kernel']).toBe(parameters['circuit/read-in/out/kernel']);
    expect(countProcessors(kept)).toBe(2);
    expect(() => keepProcessors(parameters, Uint32Array.of(4))).toThrow(RangeError);
  });
});
