import { describe, expect, it } from 'vitest';
import type { StoredBytes } from '../dataset.js';
import { spriteQuestions } from './sprite-questions.js';
import { sprites } from './sprites.js';

const config = { name: 'sprite_questions', side: 32, draws: 2, seed: 3 } as const;

describe('sprites with questions', () => {
  it('has every image once for every question, and the level that is asked for', async () => {
    const { table, inputs, targets } = await spriteQuestions.open(config);
    const images = await sprites.open({ ...config, name: 'sprites' });
    expect(table.size).toBe(5 * images.table.size);
    expect(inputs).toEqual({ image: [32, 32, 3], condition: [1, 5] });
    expect(targets).toEqual([{ name: 'answer', kind: 'categorical' }]);
    expect(table.variable('answer').levels).toEqual([0, 1, 2, 3]);
    const names = table.variable('question').levels as readonly string[];
    expect(names).toEqual(['shape', 'hue', 'size', 'x', 'y']);
    for (const example of [0, 1, 777, 4321, table.size - 1]) {
      const asked = names[table.column('question')[example]!]!;
      expect(table.column('answer')[example]).toBe(table.column(asked)[example]);
      const [image, own] = [new Float32Array(32 * 32 * 3), new Float32Array(32 * 32 * 3)];
      images.fill('image', [Math.floor(example / 5)], own);
      (await spriteQuestions.open(config)).fill('image', [example], image);
      expect(image).toEqual(own);
      for (const factor of [...names, 'rendition', 'draw']) {
        expect(table.column(factor)[example]).toBe(images.table.column(factor)[Math.floor(example / 5)]);
      }
    }
  });

  it('names the question in a token, in batches and as it is stored', async () => {
    const dataset = await spriteQuestions.open({ ...config, questions: ['hue', 'size'] });
    const examples = Uint32Array.of(0, 1, 7, 100);
    const tokens = new Float32Array(8).fill(9);
    dataset.fill('condition', examples, tokens);
    expect([...tokens]).toEqual([1, 0, 0, 1, 0, 1, 1, 0]);
    const { values, read } = dataset.stored!('condition') as StoredBytes;
    const bytes = new Uint8Array(8).fill(9);
    read(examples, bytes);
    expect([...bytes].map((byte) => values[byte])).toEqual([...tokens]);
    const stored = dataset.stored!('image') as StoredBytes;
    const [raw, image] = [new Uint8Array(32 * 32 * 3), new Float32Array(32 * 32 * 3)];
    stored.read([7], raw);
    dataset.fill('image', [7], image);
    expect(Float32Array.from(raw, (byte) => stored.values[byte]!)).toEqual(image);
    expect(() => dataset.fill('sound', [0], image)).toThrow("no input 'sound'");
  });

  it('has one identity for each set of questions, and a table without drawing', async () => {
    const [all, two] = await Promise.all([
      spriteQuestions.open(config),
      spriteQuestions.open({ ...config, questions: ['hue', 'size'] }),
    ]);
    expect(all.fingerprint).not.toBe(two.fingerprint);
    expect(spriteQuestions.table(config).size).toBe(all.table.size);
    expect(two.table.variable('answer').levels).toHaveLength(4);
    const sizes = await spriteQuestions.open({ ...config, questions: ['size'] });
    expect(sizes.table.variable('answer').levels).toHaveLength(3);
  });
});
