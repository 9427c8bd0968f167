import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSplit } from '../../splits/index.js';
import { countLevels } from '../../variables/targets.js';
import type { StoredBytes } from '../dataset.js';
import { cifar10Source, mnistSource, uspsSource } from '../idx/sources.js';
import { openDataset, openTable } from '../index.js';
import { labelOf, pixelOf, writeIdxSource } from '../testing/idx-folder.js';
import type { DigitsDomainsConfig } from './digits-domains.js';

const folder = mkdtempSync(join(tmpdir(), 'heldout-digits-'));
const place = { dataFolder: folder };
const count = 20;
beforeAll(() => {
  writeIdxSource(folder, mnistSource, count, 1);
  writeIdxSource(folder, uspsSource, count, 1);
  writeIdxSource(folder, cifar10Source, 4, 3);
});
afterAll(() => rmSync(folder, { recursive: true }));

const config = (more: Partial<DigitsDomainsConfig> = {}): DigitsDomainsConfig => ({
  name: 'digits_domains',
  ...more,
});
const open = (more: Partial<DigitsDomainsConfig> = {}) => openDataset(config(more), place);
async function imageOf(example: number, more: Partial<DigitsDomainsConfig> = {}): Promise<number[]> {
  const dataset = await open(more);
  const out = new Float32Array(dataset.inputs.image!.reduce((a, b) => a * b));
  dataset.fill('image', [example], out);
  return Array.from(out, (value) => Math.round(value * 255));
}
/** Of the first test image of MNIST, or of USPS. */
const test = Array.from({ length: 784 }, (_, at) => pixelOf(1, 0, at));

describe('digits in domains', () => {
  it('have parts, cut by image once for all that are made of one source', async () => {
    const { table, environment } = await open({ validation: 0.25 });
    expect(environment).toBe('domain');
    expect(table.variables.map(({ name, levels }) => [name, levels])).toEqual([
      ['domain', ['mnist', 'usps', 'mnist_m', 'inverted', 'coloured']],
      ['part', ['train', 'validation', 'test']],
      ['class', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ]);
    expect([...countLevels(table, 'domain')]).toEqual([40, 40, 40, 40, 40]);
    expect([...countLevels(table, 'part')]).toEqual([75, 25, 100]);
    const classes = (domain: number) => [...table.column('class')].slice(40 * domain, 40 * domain + 40);
    expect([classes(2), classes(3), classes(4)]).toEqual([classes(0), classes(0), classes(0)]);
    expect(classes(1)).not.toEqual(classes(0));
    expect(classes(0).slice(20)).toEqual(Array.from({ length: 20 }, (_, at) => labelOf(at, 10)));
  });

  it('may be fewer of a part, which are the first of more, and have no validation', async () => {
    const all = await openTable(config({ domains: ['mnist'], validation: 0.25 }), place);
    const limits = { train: 5, test: 7, validation: null };
    const fewer = await openTable(config({ domains: ['mnist'], validation: 0.25, limits }), place);
    expect([...countLevels(fewer, 'part')]).toEqual([5, 5, 7]);
    const column = [...all.column('class')];
    expect([...fewer.column('class')]).toEqual([
      ...column.slice(0, 5),
      ...column.slice(15, 20),
      ...column.slice(20, 27),
    ]);
    const two = await openTable(config({ domains: ['usps'], validation: 0 }), place);
    expect(two.variable('part').levels).toEqual(['train', 'test']);
  });

  it('are what the domain makes of them', async () => {
    expect(await imageOf(20, { domains: ['mnist'], channels: 1 })).toEqual(test);
    expect(await imageOf(20, { domains: ['inverted'], channels: 1 })).toEqual(
      test.map((pixel) => 255 - pixel),
    );
    const quarter = await imageOf(20, { domains: ['rotated'], angle: 90, channels: 1 });
    // Against the clock: the first row is the last column.
    expect(quarter.slice(0, 28)).toEqual(Array.from({ length: 28 }, (_, at) => test[28 * at + 27]));
    const coloured = await imageOf(20, { domains: ['coloured'] });
    const tint = [0, 1, 2].map((channel) => coloured[3 * 224 + channel]!);
    expect([Math.max(...tint), test[224]]).toEqual([255, 255]);
    expect(Math.min(...tint)).toBeLessThanOrEqual(128);
    coloured.forEach((value, at) => {
      expect(Math.abs(value - (test[Math.floor(at / 3)]! * tint[at % 3]!) / 255)).toBeLessThanOrEqual(1);
    });
  });

  it('lie before photographs: those of the test file before those of the test file', async () => {
    const blended = await imageOf(20, { domains: ['mnist_m'], side: 32 });
    const padded = (at: number): number => {
      const [row, column] = [Math.floor(at / 32) - 2, (at % 32) - 2];
      return row >= 0 && row < 28 && column >= 0 && column < 28 ? test[28 * row + column]! : 0;
    };
    const from = (pair: number) =>
      [0, 1, 2, 3].some((photograph) =>
        blended.every(
          (value, at) => value === Math.abs(pixelOf(pair, photograph, at) - padded(Math.floor(at / 3))),
        ),
      );
    expect([from(0), from(1)]).toEqual([false, true]);
  });

  it('fit each other at every size', async () => {
    const domains = ['mnist', 'usps'] as const;
    // The middle of MNIST as small as USPS is.
    const small = await open({ domains, side: 16, channels: 1 });
    expect(small.inputs.image).toEqual([16, 16, 1]);
    const usps = await imageOf(60, { domains, side: 16, channels: 1 });
    expect(usps).toEqual(test.slice(0, 256));
    const padded = await imageOf(20, { domains, side: 32 });
    expect(padded.slice(0, 2 * 96 + 6)).toEqual(Array(198).fill(0));
    expect(padded.slice(198, 201)).toEqual(Array(3).fill(test[0]));
  });

  it('are kept as grey bytes unless a domain has colours, and as brightness on request', async () => {
    const bytesOf = async (more: Partial<DigitsDomainsConfig>) => {
      const dataset = await open(more);
      const { values, read } = dataset.stored!('image') as StoredBytes;
      const perByte = values.length / 256;
      const out = new Uint8Array((784 * dataset.inputs.image![2]!) / perByte);
      read([20], out);
      const filled = new Float32Array(out.length * perByte);
      dataset.fill('image', [20], filled);
      expect(filled.every((value, at) => value === values[out[Math.floor(at / perByte)]! * perByte])).toBe(
        true,
      );
      return [dataset.inputs.image![2], perByte];
    };
    expect(await bytesOf({ domains: ['mnist'] })).toEqual([3, 3]);
    expect(await bytesOf({})).toEqual([3, 1]);
    expect(await bytesOf({ channels: 1 })).toEqual([1, 1]);
    const coloured = await imageOf(20, { domains: ['coloured'] });
    const grey = await imageOf(20, { domains: ['coloured'], channels: 1 });
    const [red, green, blue] = coloured.slice(300, 303) as [number, number, number];
    expect(Math.abs(grey[100]! - (0.299 * red + 0.587 * green + 0.114 * blue))).toBeLessThan(1);
  });

  it('keep what one domain trains on out of every test', async () => {
    const { table } = await open({ validation: 0.25 });
    const { sets } = makeSplit(table, { rule: 'domains', train: ['mnist'] });
    expect(Object.values(sets).map(({ length }) => length)).toEqual([15, 5, 20, 80]);
    const several = makeSplit(table, { rule: 'domains', test: ['mnist_m'] }).sets;
    expect(Object.values(several).map(({ length }) => length)).toEqual([60, 20, 20, 5]);
    const part = table.column('part');
    expect([...several.test!, ...sets.ood!].every((example) => part[example] === 2)).toBe(true);
  });

  it('are known by what decides them', async () => {
    const changes: readonly Partial<DigitsDomainsConfig>[] = [
      {},
      { seed: 1 },
      { side: 16 },
      { channels: 1 },
      { validation: 0.25 },
      { limits: { train: 5 } },
      { domains: ['mnist'] },
      { domains: ['mnist', 'rotated'] },
      { domains: ['mnist', 'rotated'], angle: 30 },
    ];
    const prints = await Promise.all(changes.map(async (each) => (await open(each)).fingerprint));
    expect(new Set(prints).size).toBe(changes.length);
    expect((await open({ angle: 30 })).fingerprint).toBe(prints[0]);
  });
});
