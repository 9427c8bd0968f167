import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LevelChoices } from '../variables/levels.js';
import { inspectDataFolder } from './data-files.js';
import type { StoredBytes } from './dataset.js';
import { openDataset } from './index.js';

const nowhere = { dataFolder: 'nowhere' };
const reduced = { orientation: { first: 10 }, x: { every: 2 }, y: { every: 2 } };

describe('dSprites', () => {
  it('has 737,280 examples and five targets', async () => {
    const dataset = await openDataset({ name: 'dsprites' }, nowhere);
    expect(dataset.table.size).toBe(737_280);
    expect(dataset.inputs).toEqual({ image: [64, 64, 1] });
    expect(dataset.targets.map(({ name }) => name)).toEqual(['shape', 'scale', 'orientation', 'x', 'y']);
  });

  it('is kept as bytes that stand for what fill writes', async () => {
    const dataset = await openDataset({ name: 'dsprites', levels: reduced }, nowhere);
    const { values, inMemory, read } = dataset.stored!('image') as StoredBytes;
    expect(inMemory).toBe(false);
    expect(dataset.stored!('sound')).toBeUndefined();
    const examples = [0, 17, dataset.table.size - 1];
    const [filled, bytes] = [new Float32Array(3 * 4096), new Uint8Array(3 * 512)];
    dataset.fill('image', examples, filled);
    read(examples, bytes);
    const decoded = Float32Array.from(filled, (_, at) => values[8 * bytes[at >> 3]! + (at & 7)]!);
    expect(decoded).toEqual(filled);
    expect(filled.some((pixel) => pixel === 1)).toBe(true);
  });

  it('shows the same images in a reduced grid, with their original values', async () => {
    const full = await openDataset({ name: 'dsprites' }, nowhere);
    const part = await openDataset({ name: 'dsprites', levels: reduced }, nowhere);
    expect(part.table.size).toBe(46_080);
    expect(part.table.variable('x').levels[1]).toBe(2 / 31);
    const inPart = [0, 255, 2_560, 7_777, 46_079];
    const inFull = inPart.map((example) => {
      const level = (name: string) => part.table.column(name)[example]!;
      return (
        ((level('shape') * 6 + level('scale')) * 40 + level('orientation')) * 1024 +
        2 * level('x') * 32 +
        2 * level('y')
      );
    });
    const [a, b] = [new Float32Array(5 * 4096), new Float32Array(5 * 4096)];
    part.fill('image', inPart, a);
    full.fill('image', inFull, b);
    expect(Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer))).toBe(0);
    expect(new Set(a)).toEqual(new Set([0, 1]));
  });

  it('is known by what decides its images', async () => {
    const fingerprint = async (levels: LevelChoices) =>
      (await openDataset({ name: 'dsprites', levels }, nowhere)).fingerprint;
    expect(await fingerprint({})).not.toBe(await fingerprint(reduced));
    expect(await fingerprint({ x: { every: 16 } })).toBe(await fingerprint({ x: { list: [0, 16] } }));
  });

  it('refuses inputs, examples, levels and names that it does not have', async () => {
    const dataset = await openDataset({ name: 'dsprites', source: 'rendered' }, nowhere);
    const out = new Float32Array(4096);
    expect(() => dataset.fill('mask', [0], out)).toThrow(/no input 'mask'/);
    expect(() => dataset.fill('image', [737_280], out)).toThrow(/no example 737280/);
    expect(() => dataset.fill('image', [0, 1], out)).toThrow(/need 8192 numbers, not 4096/);
    await expect(
      openDataset({ name: 'dsprites', levels: { colour: { first: 1 } } }, nowhere),
    ).rejects.toMatchObject({
      place: 'dataset.levels.colour',
    });
    await expect(openDataset({ name: 'shapes' }, nowhere)).rejects.toThrow(/no dataset 'shapes'/);
  });
});

describe('inspectDataFolder', () => {
  it('says what is there and what could be', () => {
    const folder = mkdtempSync(join(tmpdir(), 'heldout-data-'));
    expect(inspectDataFolder(folder).filter((file) => file.found !== undefined)).toEqual([]);
    expect(inspectDataFolder(join(folder, 'missing')).every((file) => file.bytes === undefined)).toBe(true);
    mkdirSync(join(folder, 'dsprites'));
    writeFileSync(join(folder, 'dsprites', 'real_frames.npz'), 'four');
    const frames = inspectDataFolder(folder)[1]!;
    expect([frames.found, frames.bytes]).toEqual([join(folder, 'dsprites', 'real_frames.npz'), 4]);
    rmSync(folder, { recursive: true });
  });
});
