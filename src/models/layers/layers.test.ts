import { beforeAll, describe, expect, it } from 'vitest';
import { startBoth } from '../../engine/testing/backends.js';
import { initialParameters } from '../initialise.js';
import type { Model, ParameterSpec } from '../model.js';
import { readLayerCases } from '../testing/golden.js';
import { checkLayers } from '../testing/layers.js';
import { attentionParameters } from './attention.js';
import { normParameters } from './layer-norm.js';

beforeAll(startBoth);

describe('layers', () => {
  checkLayers('wasm');
  checkLayers('cpu');
});

describe('initial values', () => {
  const specs: Readonly<Record<string, Readonly<Record<string, ParameterSpec>>>> = {
    'layer norm': normParameters('norm', 16),
    'group norm': normParameters('norm', 16),
    attention: attentionParameters('attention', 16),
  };

  it.each(Object.keys(specs))("%s starts as PyTorch's", (name) => {
    const golden = readLayerCases().find((found) => found.name === name)!;
    const model: Model = { parameters: specs[name]!, apply: () => ({}) };
    const shapes = Object.entries(model.parameters).map(([key, { shape }]) => [key, [...shape]]);
    expect(Object.fromEntries(shapes)).toEqual(golden.parameters);
    for (const [key, { data }] of Object.entries(initialParameters(model, 1))) {
      const expected = golden.initial![key]!;
      const largest = Math.max(...Array.from(data, Math.abs));
      const { initializer } = model.parameters[key]!;
      if (initializer.kind !== 'uniform') {
        expect(initializer.kind).toBe('constant');
        expect(largest).toBe(expected);
        continue;
      }
      // PyTorch's draws lie within our bound, and reach up to it, as ours do.
      expect(expected).toBeLessThanOrEqual(Math.fround(initializer.bound));
      for (const value of [largest, expected]) expect(value).toBeGreaterThan(0.95 * initializer.bound);
    }
  });

  it('leaves the biases out where they are not wanted', () => {
    const names = Object.keys(attentionParameters('a', 8, { biases: false }));
    expect(names).toEqual(['a/query/kernel', 'a/key/kernel', 'a/value/kernel', 'a/out/kernel']);
  });
});
