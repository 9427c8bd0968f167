import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countLevels } from '../../variables/targets.js';
import { inspectDataFolder } from '../data-files.js';
import { mnistSource } from '../idx/sources.js';
import { openDataset, openTable } from '../index.js';
import { labelOf, pixelOf, writeIdxSource } from '../testing/idx-folder.js';
import { testDataFolder } from '../testing/real-data.js';
import type { ColoredMnistConfig } from './colored-mnist.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-colored-'));
const place = { dataFolder: folder };
const count = 60;
beforeAll(() => writeIdxSource(folder, mnistSource, count, 1));
afterAll(() => rmSync(folder, { recursive: true }));

const open = (more: Partial<ColoredMnistConfig> = {}) =>
  openDataset({ name: 'colored_mnist', ...more }, place);
async function imageOf(example: number, more: Partial<ColoredMnistConfig> = {}): Promise<number[]> {
  const dataset = await open(more);
  const [height = 0, width = 0, channels = 0] = dataset.inputs.image!;
  const out = new Float32Array(height * width * channels);
  dataset.fill('image', [example], out);
  return Array.from(out, (value) => Math.round(value * 255));
}
const channelOf = (pixels: readonly number[], channel: number) =>
  pixels.filter((_, at) => at % 2 === channel);

describe('coloured digits of the protocol irm', () => {
  it('are those of the training file: two environments of the first five sixths, and the rest', async () => {
    const { table, inputs, targets, environment } = await open();
    expect(table.variables.map(({ name, levels }) => [name, levels])).toEqual([
      ['environment', ['+80%', '+90%', '-90%']],
      ['label', [0, 1]],
      ['digit', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      ['colour', ['red', 'green']],
    ]);
    expect([...countLevels(table, 'environment')]).toEqual([25, 25, 10]);
    expect([inputs, targets, environment]).toEqual([
      { image: [14, 14, 2] },
      [{ name: 'label', kind: 'binary' }],
      'environment',
    ]);
    // The test has the last images, in order.
    const digits = [...table.column('digit')];
    expect(digits.slice(50)).toEqual(Array.from({ length: 10 }, (_, at) => labelOf(50 + at, 10)));
    const all = Array.from({ length: 60 }, (_, at) => labelOf(at, 10));
    expect(digits.toSorted()).toEqual(all.toSorted());
    expect(digits.slice(0, 25)).not.toEqual(all.filter((_, at) => at % 2 === 0).slice(0, 25));
  });

  it('stand in the channel of their colour, every second pixel of them', async () => {
    const { table } = await open();
    const pixels = await imageOf(53);
    const expected = Array.from({ length: 196 }, (_, at) =>
      pixelOf(0, 53, 56 * Math.floor(at / 14) + 2 * (at % 14)),
    );
    const colour = table.column('colour')[53]!;
    expect(channelOf(pixels, colour)).toEqual(expected);
    expect(channelOf(pixels, 1 - colour)).toEqual(Array(196).fill(0));
    expect(await imageOf(53, { grayscale: true })).toEqual(expected);
  });

  it('are tested in gray, too, on request', async () => {
    const plain = await open();
    const { table } = await open({ gray_test: true });
    expect(table.variable('environment').levels.at(-1)).toBe('gray');
    expect(table.copies).toEqual(['-90%', 'gray']);
    expect(plain.table.copies).toBeUndefined();
    expect([...table.column('label')].slice(60)).toEqual([...plain.table.column('label')].slice(50));
    expect(new Set([...table.column('colour')].slice(60))).toEqual(new Set([2]));
    const pixels = await imageOf(63, { gray_test: true });
    expect(channelOf(pixels, 0)).toEqual(channelOf(pixels, 1));
    expect(channelOf(pixels, 0)).toEqual(await imageOf(53, { grayscale: true }));
    await expect(open({ gray_test: true, protocol: 'domainbed' })).rejects.toMatchObject({
      place: 'dataset.gray_test',
    });
  });

  it('may be fewer, which are among the others and look the same', async () => {
    const fewer = await open({ size: 20 });
    const all = await open();
    expect([...countLevels(fewer.table, 'environment')]).toEqual([10, 10, 10]);
    const column = (name: string) => [
      ...all.table.column(name).slice(0, 10),
      ...all.table.column(name).slice(25, 35),
      ...all.table.column(name).slice(50),
    ];
    for (const name of ['label', 'digit', 'colour']) {
      expect([...fewer.table.column(name)]).toEqual(column(name));
    }
    await expect(open({ size: 51 })).rejects.toMatchObject({ place: 'dataset.size' });
  });

  it('follow the seed alone', async () => {
    const fingerprint = async (more: Partial<ColoredMnistConfig>) => (await open(more)).fingerprint;
    const others = [{}, { seed: 1 }, { size: 20 }, { grayscale: true }, { gray_test: true }];
    expect(new Set(await Promise.all(others.map(fingerprint))).size).toBe(5);
    expect(await fingerprint({ seed: 0, protocol: 'irm', size: null })).toBe(await fingerprint({}));
    expect([...(await open({ seed: 1 })).table.column('digit')]).not.toEqual([
      ...(await open()).table.column('digit'),
    ]);
  });
});

describe('coloured digits of the protocol domainbed', () => {
  it('are every third of all images, as they are', async () => {
    const { table, inputs, targets } = await open({ protocol: 'domainbed' });
    expect(table.variable('environment').levels).toEqual(['+90%', '+80%', '-90%']);
    expect([...countLevels(table, 'environment')]).toEqual([40, 40, 40]);
    expect([inputs, targets]).toEqual([{ image: [28, 28, 2] }, [{ name: 'label', kind: 'categorical' }]]);
    const smaller = await open({ protocol: 'domainbed', size: 31 });
    expect([...countLevels(smaller.table, 'environment')]).toEqual([11, 10, 10]);
    expect([...smaller.table.column('digit')].slice(0, 11)).toEqual([...table.column('digit')].slice(0, 11));
  });
});

const real = inspectDataFolder(testDataFolder).some(({ dataset, found }) => dataset === 'mnist' && found);
describe('published digits', () => {
  it.runIf(!real)('are not tested: they are not in the data folder', () => expect(real).toBe(false));
  it.runIf(real).each(['irm', 'domainbed'] as const)('have colours by law, protocol %s', async (protocol) => {
    const table = await openTable({ name: 'colored_mnist', protocol }, { dataFolder: testDataFolder });
    const [environment, label, digit, colour] = ['environment', 'label', 'digit', 'colour'].map((name) =>
      table.column(name),
    ) as [Uint16Array, Uint16Array, Uint16Array, Uint16Array];
    const sizes = protocol === 'irm' ? [25_000, 25_000, 10_000] : [23_334, 23_333, 23_333];
    expect([...countLevels(table, 'environment')]).toEqual(sizes);
    const flips = protocol === 'irm' ? [0.2, 0.1, 0.9] : [0.1, 0.2, 0.9];
    for (const [level, flip] of flips.entries()) {
      let [noisy, coloured] = [0, 0];
      for (let at = 0; at < table.size; at++) {
        if (environment[at] !== level) continue;
        noisy += Number(label[at] !== Number(digit[at]! < 5));
        coloured += Number(label[at] !== colour[at]);
      }
      // Four standard errors at most.
      expect(Math.abs(noisy / sizes[level]! - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / sizes[level]!));
      expect(Math.abs(coloured / sizes[level]! - flip)).toBeLessThan(
        4 * Math.sqrt((flip * (1 - flip)) / sizes[level]!),
      );
    }
  });
});
