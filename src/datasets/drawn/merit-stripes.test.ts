import { describe, expect, it } from 'vitest';
import { sha256 } from '../../core/hash.js';
import { openDataset, openTable } from '../index.js';
import type { MeritStripesConfig } from './merit-stripes.js';

const place = { dataFolder: 'nowhere' };
const open = (more: Partial<MeritStripesConfig> = {}) =>
  openDataset({ name: 'merit_stripes', ...more }, place);

describe('merit on stripes', () => {
  it('has the base rates of its law, a fair coin of groups, and one table without drawing', async () => {
    const { table, ...dataset } = await open();
    expect(table.size).toBe(12_000);
    expect(dataset.protected).toEqual(['group']);
    expect(dataset.targets.map(({ name }) => name)).toEqual(['accepted']);
    const [accepted, group] = [table.column('accepted'), table.column('group')];
    const rate = (level: number) => {
      const chosen = accepted.filter((_, at) => group[at] === level);
      return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
    };
    // Four standard errors are 0.024.
    expect(Math.abs(rate(1) - 0.69)).toBeLessThan(0.025);
    expect(Math.abs(rate(0) - 0.315)).toBeLessThan(0.025);
    expect(Math.abs(group.reduce((sum, value) => sum + value, 0) / 12_000 - 0.5)).toBeLessThan(0.02);
    const drawn = await openTable({ name: 'merit_stripes' }, place);
    expect(drawn.column('accepted')).toEqual(accepted);
    expect(drawn.strata).toEqual(['accepted', 'group']);
  });

  it('draws the same images every time, others with another seed, and the first of many first', async () => {
    const image = async (more: Partial<MeritStripesConfig>, example = 3) => {
      const out = new Float32Array(256);
      (await open({ size: 20, ...more })).fill('image', [example], out);
      return sha256(out);
    };
    expect(await image({})).toBe(await image({}));
    expect(await image({ size: 40 })).toBe(await image({}));
    expect(
      new Set(await Promise.all([image({}), image({ seed: 1 }), image({ noise: 0.35 }), image({}, 4)])).size,
    ).toBe(4);
    const prints = await Promise.all([{}, { seed: 1 }, { noise: 0.3 }, { size: 21 }].map(open));
    expect(new Set(prints.map(({ fingerprint }) => fingerprint)).size).toBe(4);
  });

  it('shows groups as stripes of four pixels across, at a random phase, and merit as a blob', async () => {
    const { table, ...dataset } = await open({ size: 2000, noise: 0 });
    const images = new Float32Array(2000 * 256);
    dataset.fill(
      'image',
      Array.from({ length: 2000 }, (_, at) => at),
      images,
    );
    const group = table.column('group');
    const intensity = (example: number, row: number, column: number) =>
      5 * (images[example * 256 + row * 16 + column]! - 0.5);
    // In a corner that no blob reaches, intensities along a stripe are equal, and those across it are not.
    const rising = (at: number) => Math.abs(intensity(at, 15, 0) - intensity(at, 14, 1));
    const falling = (at: number) => Math.abs(intensity(at, 14, 0) - intensity(at, 15, 1));
    const examples = [...group.keys()];
    expect(Math.max(...examples.map((at) => (group[at] === 1 ? rising : falling)(at)))).toBeLessThan(0.04);
    const across = examples.map((at) => (group[at] === 1 ? falling : rising)(at));
    expect(across.reduce((sum, value) => sum + value, 0) / across.length).toBeGreaterThan(0.1);
    // The phase is random: on average there is nothing to see of a group.
    const corner = examples.reduce((sum, at) => sum + intensity(at, 15, 0), 0) / examples.length;
    expect(Math.abs(corner)).toBeLessThan(0.03);
    const accepted = table.column('accepted');
    const centre = (level: number) => {
      const chosen = [...accepted.keys()].filter((at) => accepted[at] === level);
      return chosen.reduce((sum, at) => sum + intensity(at, 7, 7), 0) / chosen.length;
    };
    expect(centre(1) - centre(0)).toBeGreaterThan(0.3);
  });
});
