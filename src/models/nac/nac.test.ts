import { describe, expect, it } from 'vitest';
import { countParameters, frozenParameters, sparedParameters } from '../initialise.js';
import { createNac, type NacOptions } from './nac.js';
import { tinyNac } from './testing/tiny-nac.js';

const sized = (heads: NacOptions['readIn']) => ({ readIn: heads, propagators: heads, readOut: heads });
const small: NacOptions = {
  ...tinyNac,
  ...sized({ heads: 4, headWidth: 16 }),
  width: 64,
  signatureWidth: 16,
  processors: 64,
  readOuts: 8,
  layers: 4,
  tokenizer: { channels: [16, 32], positions: 16, blocks: 0 },
};
const dense = { ...small, links: undefined };
const shapes = { inputs: { image: [64, 64, 3] }, outputs: 19 };

const extraSmall: NacOptions = {
  ...small,
  ...sized({ heads: 2, headWidth: 16 }),
  width: 32,
  signatureWidth: 8,
  processors: 16,
  readOuts: 4,
  layers: 2,
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
    ['nac', extraSmall, 73_735],
    ['plain layers', { ...extraSmall, modulated: false, expansion: 4 }, 70_127],
  ])('%s, extra small', (_, options, count) => {
    expect(countParameters(createNac(options, tinyShapes))).toBe(count);
  });
});

describe('parameter counts of their released configurations', () => {
  const heads = (count: number) => ({ heads: count, headWidth: 64 });
  const large: NacOptions = {
    ...small,
    width: 384,
    signatureWidth: 64,
    layers: 8,
    readOuts: 64,
    tokenizer: { channels: [96, 192], positions: 64, blocks: 1 },
  };
  /** A ConvNeXt block after the step, of which our tokenizer has none. */
  const lateBlock = (channels: number) => 8 * channels ** 2 + 58 * channels;

  it.each([
    [384, 64, 256, 6, 2, 64, 200, 26_702_958],
    [512, 192, 768, 8, 1, 224, 1000, 37_588_782],
  ])(
    'separate input modules, width %i',
    (width, inputModules, processors, count, expansion, side, outputs, expected) => {
      const all = { readIn: heads(count), propagators: heads(count), readOut: heads(count) };
      const tokenizer = { channels: [width / 4, width / 2], positions: 64, blocks: 3 } as const;
      const options = {
        ...large,
        ...all,
        width,
        inputModules,
        processors,
        expansion,
        tokenizer,
        layerScale: 0.1,
      };
      const model = createNac(
        { ...options, inputs: 'separate' },
        { inputs: { image: [side, side, 3] }, outputs },
      );
      expect(countParameters(model) + 3 * lateBlock(width / 2)).toBe(expected);
    },
  );

  it('input modules one to one, which have signatures there that nobody hears', () => {
    const one = { readIn: heads(1), propagators: heads(8), readOut: heads(1) };
    const links = { truncation: null, temperature: 0.5, learnBandwidth: false };
    const options = { ...large, ...one, links, processors: 640, expansion: 4, inputs: 'one_to_one' } as const;
    const model = createNac(options, { inputs: { image: [224, 224, 3] }, outputs: 1000 });
    expect((countParameters(model) + 640 * 64) / 1e6).toBeCloseTo(38.74, 2);
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

it('keeps codes or signatures as they start, on request', () => {
  const of = (codes: boolean, signatures: boolean) =>
    frozenParameters(createNac({ ...extraSmall, learned: { codes, signatures } }, tinyShapes));
  expect(of(true, true)).toEqual([]);
  expect(of(false, true)).toEqual(['design/processors/codes', 'design/read-outs/codes']);
  expect(of(true, false)).toEqual(['design/processors/signatures', 'design/read-outs/signatures']);
});
