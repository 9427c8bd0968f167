import { describe, expect, it } from 'vitest';
import { augMix, blendingShares } from './augmix.js';
import { openDraws } from './draws.js';
import { greyen, toGrey } from './raster.js';
import { makeImage } from './testing/images.js';

const image = makeImage(9, 12);
const draws = openDraws(3);
const placed = (example: number) => {
  draws.place(11, example);
  return draws;
};
const options = { magnitude: 5, width: 4, depth: 2, concentration: 1 };

describe('AugMix', () => {
  it('blends chains one after the other so that each has its share in the end', () => {
    const [shares, together] = [[0.1, 0.4, 0.3, 0.2], 0.7];
    const left = blendingShares(shares, together).reduce(
      (parts, own, at) => [...parts.map((part) => part * (1 - own)), ...(at < 0 ? [] : [own])],
      [1],
    );
    expect(left[0]).toBeCloseTo(0.3, 12);
    for (const [at, share] of shares.entries()) expect(left[at + 1]).toBeCloseTo(together * share, 12);
  });

  it('is a function of its draws, and changes images otherwise in every place', () => {
    const changed = (example: number) => [...augMix(image, options, 128, placed(example)).data];
    expect(changed(1)).toEqual(changed(1));
    expect(changed(1)).not.toEqual(changed(2));
    expect(changed(1)).not.toEqual([...image.data]);
  });

  it('leaves an image of one tone nearly as it is where nothing is strong', () => {
    const flat = { ...image, data: new Uint8Array(image.data.length).fill(90) };
    for (let example = 0; example < 20; example++) {
      const { data } = augMix(flat, { ...options, magnitude: 0 }, 90, placed(example));
      // Posterising to four bits takes 10 away; blending rounds each of four chains down.
      for (const byte of data) expect(Math.abs(byte - 90)).toBeLessThanOrEqual(14);
    }
  });

  it('draws shares that add up to 1, evenly', () => {
    const sums = [0, 0, 0];
    for (let example = 0; example < 3000; example++) {
      const shares = placed(example).dirichlet(1, 3);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      shares.forEach((share, at) => {
        sums[at]! += share / 3000;
      });
    }
    for (const mean of sums) expect(mean).toBeCloseTo(1 / 3, 1);
  });
});

it('an image without colours has its brightness in every channel', () => {
  const grey = toGrey(image).data;
  expect([...greyen(image).data]).toEqual([...grey].flatMap((byte) => [byte, byte, byte]));
});
