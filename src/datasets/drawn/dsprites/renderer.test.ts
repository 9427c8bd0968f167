import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { monotonicSeconds } from '../../../core/clock.js';
import { sha256 } from '../../../core/hash.js';
import { choose } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';
import { openDataset } from '../../index.js';
import { readNpz } from '../../readers/npz.js';
import { realFrames } from '../../testing/real-data.js';
import { unpackImage, wordsPerImage } from './rasterize.js';
import { makeRenderer } from './renderer.js';

const pixels = 64 * 64;
const render = makeRenderer();

function renderBytes(levels: ArrayLike<number>): Uint8Array {
  const image = new Uint32Array(wordsPerImage);
  const floats = new Float32Array(pixels);
  render(levels, image);
  unpackImage(image, floats, 0);
  return Uint8Array.from(floats);
}

function levelsOf(example: number): readonly number[] {
  const part = (stride: number, levels: number) => Math.floor(example / stride) % levels;
  return [part(245_760, 3), part(40_960, 6), part(1024, 40), part(32, 32), part(1, 32)];
}

function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function findExtent(image: Uint8Array) {
  const white = [...image.keys()].filter((pixel) => image[pixel] === 1);
  const columns = white.map((pixel) => pixel % 64);
  const rows = white.map((pixel) => Math.floor(pixel / 64));
  return {
    area: white.length,
    left: Math.min(...columns),
    right: Math.max(...columns),
    top: Math.min(...rows),
    bottom: Math.max(...rows),
  };
}

describe('the rendering law', () => {
  it.skipIf(realFrames === undefined)(
    'equals all 320 real frames, pixel for pixel (needs HELDOUT_DATA)',
    async () => {
      const images = await readNpz(realFrames!, 'imgs');
      const classes = await readNpz(realFrames!, 'latents_classes');
      for (let frame = 0; frame < 320; frame++) {
        const levels = classes.data.subarray(5 * frame, 5 * frame + 5);
        const real = images.data.subarray(pixels * frame, pixels * (frame + 1));
        expect(
          Buffer.compare(renderBytes(levels), real as Uint8Array),
          `frame ${frame}, levels ${levels}`,
        ).toBe(0);
      }
    },
  );

  it('equals the 320 frames whose equality was seen, by the hash of their pixels', () => {
    const lines = readFileSync(join(import.meta.dirname, 'seen-frames.txt'), 'utf8')
      .trim()
      .split('\n');
    expect(lines.length).toBe(320);
    for (const line of lines) {
      const [hash, ...levels] = line.split(' ').reverse();
      expect(sha256(renderBytes(levels.reverse().map(Number))).slice(0, 16), line).toBe(hash);
    }
  });

  it('has the white areas of scale 1', () => {
    // Upright, in the middle: 369, 290 and 225 pixels are the areas in units of pixels², up to the border.
    for (const [shape, area] of [369, 290, 225].entries()) {
      expect(Math.abs(findExtent(renderBytes([shape, 5, 0, 15, 16])).area - area)).toBeLessThan(10);
    }
  });

  it('moves right with x and down with y, turns counter-clockwise, tip of the heart down', () => {
    const middle = findExtent(renderBytes([2, 5, 0, 16, 16]));
    expect(findExtent(renderBytes([2, 5, 0, 20, 16])).left).toBeGreaterThan(middle.left);
    expect(findExtent(renderBytes([2, 5, 0, 16, 20])).top).toBeGreaterThan(middle.top);
    const upright = renderBytes([2, 5, 0, 16, 16]);
    const whiteIn = (row: number) =>
      upright.subarray(64 * row, 64 * row + 64).reduce((sum, bit) => sum + bit, 0);
    expect(whiteIn(middle.bottom)).toBeLessThan(4);
    expect(whiteIn(middle.top + 2)).toBeGreaterThan(8);
    // The ellipse is wide at 0; after an eighth of a turn its right end points up.
    const turned = renderBytes([1, 5, 5, 16, 16]);
    const { right } = findExtent(turned);
    const rowsAtRight = [...Array(64).keys()].filter((row) => turned[64 * row + right] === 1);
    expect(rowsAtRight[0]).toBeLessThan(32);
  });

  it('draws orientations 0 and 39 alike', () => {
    for (const shape of [0, 1, 2]) {
      for (let i = 0; i < 40; i++) {
        const place = [i % 6, (7 * i) % 32, (11 * i) % 32] as const;
        const first = renderBytes([shape, place[0], 0, place[1], place[2]]);
        const last = renderBytes([shape, place[0], 39, place[1], place[2]]);
        expect(Buffer.compare(first, last)).toBe(0);
      }
    }
  });
});

describe('the data set', () => {
  it('has the mean and deviation of the published one, leaves the border black, and never changes', () => {
    const [image, everSet] = [new Uint32Array(wordsPerImage), new Uint32Array(wordsPerImage)];
    const hash = createHash('sha256');
    let white = 0;
    for (let example = 0; example < 737_280; example++) {
      render(levelsOf(example), image);
      hash.update(image);
      for (let word = 0; word < wordsPerImage; word++) {
        everSet[word]! |= image[word]!;
        white += countBits(image[word]!);
      }
    }
    const mean = white / 737_280 / pixels;
    expect(mean).toBeCloseTo(0.0425, 4);
    expect(Math.sqrt(mean * (1 - mean))).toBeCloseTo(0.2018, 3);
    const support = new Float32Array(pixels);
    unpackImage(everSet, support, 0);
    // Only 64 images reach pixel 2 or 61: large squares on their corner, at the ends of x or y.
    expect(findExtent(Uint8Array.from(support))).toMatchObject({ left: 2, right: 61, top: 2, bottom: 61 });
    expect(hash.digest('hex')).toBe('ffbc1baec7e70a7c460d8970fd767d40ae695ee42c2137f55c3794050434225e');
  });

  it('draws at least 20,000 images per second into float32', async () => {
    const dataset = await openDataset({ name: 'dsprites' }, { dataFolder: 'nowhere' });
    const batch = choose(stream(0, 'speed'), dataset.table.size, 1000);
    const out = new Float32Array(1000 * pixels);
    const rates = Array.from({ length: 5 }, () => {
      const start = monotonicSeconds();
      dataset.fill('image', batch, out);
      return 1000 / (monotonicSeconds() - start);
    });
    expect(Math.max(...rates)).toBeGreaterThan(20_000);
  });
});
