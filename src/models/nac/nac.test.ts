import { describe, expect, it } from 'vitest';
import { countParameters, sparedParameters } from '../initialise.js';
import { createNac, type NacOptions } from './nac.js';

const small: NacOptions = {
  width: 64,
  signatureWidth: 16,
  processors: 64,
  readOuts: 8,
  layers: 4,
  readIn: { heads: 4, headWidth: 16 },
  propagators: { heads: 4, headWidth: 16 },
  readOut: { heads: 4, headWidth: 16 },
  expansion: 2,
  modulated: true,
  links: { truncation: 0.9, temperature: 0.5, learnBandwidth: true },
  layerScale: null,
  dropPath: 0,
  pooling: 'confidence',
  tokenizer: { channels: [16, 32], positions: 16, blocks: 0 },
};
const dense = { ...small, links: undefined };
const shapes = { inputs: { image: [64, 64, 3] }, outputs: 19 };

const heads = { heads: 2, headWidth: 16 };
const tiny: NacOptions = {
  ...small,
  width: 32,
  signatureWidth: 8,
  processors: 16,
  readOuts: 4,
  layers: 2,
  readIn: heads,
  propagators: heads,
  readOut: heads,
  tokenizer: { channels: [8, 16], positions: 16, blocks: 0 },
};
const tinyShapes = { inputs: { image: [32, 32, 3] }, outputs: 19 };

describe("parameter counts of the authors' code", () => {
  it.each([
    ['nac', small, 428_813],
    ['nac, dense', dense, 427_656],
    ['plain layers, dense', { ...dense, modulated: false }, 257_636],
    ['plain layers, linked', { ...small, modulated: false }, 258_793],
    ['plain layers of twice the width, dense', { ...dense, modulated: false, expansion: 4 }, 406_628],
    ['plain layers of twice the width, linked', { ...small, modulated: false, expansion: 4 }, 407_785],
    ['nac, a block in its stem', { ...small, tokenizer: { ...small.tokenizer, blocks: 1 } }, 431_789],
  ])('%s', (_, options, count) => {
    expect(countParameters(createNac(options, shapes))).toBe(count);
  });

  it.each([
    ['nac', tiny, 73_735],
    ['plain layers', { ...tiny, modulated: false, expansion: 4 }, 70_127],
  ])('%s, extra small', (_, options, count) => {
    expect(countParameters(createNac(options, tinyShapes))).toBe(count);
  });
});

it('lets decay reach neither signatures nor positions', () => {
  expect([...sparedParameters(createNac(small, shapes))]).toEqual([
    'tokens/positions',
    'design/processors/signatures',
    'design/read-outs/signatures',
  ]);
});

it('refuses images that are not cut into tokens', () => {
  expect(() => createNac(small, { inputs: { image: [28, 28, 1] }, outputs: 2 })).toThrow('multiples of 8');
});
