import { expect, it } from 'vitest';
import { MODELS } from '../../config/schema/sections/models.js';
import { measureCost } from '../cost.js';
import { loadModel, type ModelConfig } from '../index.js';

/** A product of matrices `[rows, inner]` and `[inner, columns]`. */
const product = (rows: number, inner: number, columns: number) => rows * inner * columns;

/** Per example, as the circuit's README says what it computes; nothing of what codes alone decide. */
function circuit(width: number, modules: number, readOuts: number, layers: number, heads: number): number {
  const [tokens, tokenWidth, inner] = [64, 48, 64];
  const feedForward = (count: number) => product(count, width, 4 * width) + product(count, 2 * width, width);
  const attention = (receivers: number, senders: number) =>
    2 * product(receivers, inner, senders) + product(receivers, inner, width);
  const tokenizer = product(256, 4 * 4 * 3, 16) + product(tokens, 2 * 2 * 16, 32);
  const readIn =
    2 * product(modules * heads, tokenWidth, tokens) +
    product(modules, heads * tokenWidth, inner) +
    product(modules, inner, width) +
    feedForward(modules);
  const propagator = 3 * product(modules, width, inner) + attention(modules, modules) + feedForward(modules);
  const readOut =
    product(readOuts, width, inner) +
    2 * product(modules, width, inner) +
    attention(readOuts, modules) +
    feedForward(readOuts);
  const pooling = product(readOuts, width, 1) + product(1, readOuts, width) + product(1, width, 19);
  return tokenizer + readIn + layers * propagator + readOut + pooling;
}

/** Of functions that hear each other by content alone: a value has one number more per head, which weights are divided by. */
function interpreter(width: number, functions: number, iterations: number): number {
  const [tokens, types, heads, headWidth] = [65, 16, 2, 16];
  const [inner, wider] = [heads * headWidth, heads * (headWidth + 1)];
  const matching = product(tokens, width, width + types) + product(tokens, types, functions);
  const projections = product(tokens, width, functions * (2 * inner + wider));
  const attention = functions * (product(tokens, inner, tokens) + product(tokens, tokens, wider));
  const work = product(tokens * functions, wider, width) + product(tokens * functions, width, width);
  const merging = 2 * product(tokens, functions, width) + product(tokens, width + 1, width);
  const ends = product(64, 8 * 8 * 3, width) + product(1, width, 19);
  return iterations * (matching + projections + attention + work + merging) + ends;
}

function transformer(width: number, layers: number): number {
  const tokens = 65;
  const block = 4 * product(tokens, width, width) + 2 * product(tokens, width, tokens);
  const ends = product(64, 8 * 8 * 3, width) + product(1, width, 19);
  return layers * (block + 2 * product(tokens, width, 4 * width)) + ends;
}

const nac = (options: object = {}): ModelConfig => MODELS.nac.parse({ name: 'nac', ...options });
const dense = { links: { by: 'none' } };
const small = circuit(64, 64, 8, 4, 4);

/** By hand, for images of 64 x 64 x 3 and 19 outputs. */
const cases: readonly (readonly [string, ModelConfig, number])[] = [
  ['mlp', MODELS.mlp.parse({ name: 'mlp', widths: [90, 22] }), 64 * 64 * 3 * 90 + 90 * 22 + 22 * 19],
  [
    'cnn',
    { name: 'cnn' },
    product(32 * 32, 4 * 4 * 3, 32) +
      product(16 * 16, 4 * 4 * 32, 32) +
      product(8 * 8, 4 * 4 * 32, 64) +
      product(4 * 4, 4 * 4 * 64, 64) +
      product(1, 4 * 4 * 64, 256) +
      product(1, 256, 19),
  ],
  [
    'patch_mlp',
    MODELS.patch_mlp.parse({ name: 'patch_mlp' }),
    product(16 * 16, 4 * 4 * 3, 16) + product(1, 16 * 16 * 16, 32) + product(1, 32, 19),
  ],
  [
    'resnet',
    MODELS.resnet.parse({ name: 'resnet', width: 8, block: 'bottleneck', layers: [1, 2], stem: 'deep' }),
    product(32 * 32, 27, 4) +
      product(32 * 32, 9 * 4, 4 + 8) +
      product(16 * 16, 1, 8 * 8 + 9 * 8 * 8 + 8 * 32 + 8 * 32) +
      product(16 * 16, 32, 16) +
      product(8 * 8, 1, 9 * 16 * 16 + 16 * 64 + 32 * 64) +
      product(8 * 8, 1, 64 * 16 + 9 * 16 * 16 + 16 * 64) +
      product(1, 64, 19),
  ],
  ['nac', nac(), small],
  ['nac, dense', nac(dense), small],
  ['nac, plain layers', nac({ ...dense, modulated: false }), small],
  [
    'neural_interpreter',
    MODELS.neural_interpreter.parse({
      ...{ name: 'neural_interpreter', patch: 8, width: 64, code_width: 64, type_width: 16, iterations: 4 },
      ...{ functions: 4, heads: 2, head_width: 16, positions: 'none' },
    }),
    interpreter(64, 4, 4),
  ],
  ['vit', MODELS.vit.parse({ name: 'vit' }), transformer(64, 8)],
];

/** Tests on the backend that has been started. */
export function checkCosts(): void {
  it.each(cases)('%s', async (_, config, expected) => {
    const shapes = { inputs: { image: [64, 64, 3] }, outputs: 19 };
    const cost = measureCost(await loadModel(config, shapes), shapes);
    expect(cost.multiplyAdds).toBe(expected);
  });

  it('of a circuit come to what its size is known for', () => {
    expect(small / 1e6).toBeGreaterThan(17);
    expect(small / 1e6).toBeLessThan(20);
  });
}
