import { describe, expect, it } from 'vitest';
import { makeImage } from '../augment/testing/images.js';
import { findEdges, measureDistances } from './edges.js';
import { moveAlong, sampleAt, smooth } from './filters.js';
import { type CorruptionKind, createCorruption, type Scale } from './index.js';
import { type Border, fromRaster, toRaster } from './pixels.js';
import { lightRims } from './spatter.js';
import golden from './testing/golden.json' with { type: 'json' };

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
/** How far apart two images are at most, in bytes. */
const apart = (found: Uint8Array, wanted: Uint8Array) =>
  found.reduce((most, byte, at) => Math.max(most, Math.abs(byte - wanted[at]!)), 0);

const imageOf = (size: readonly number[]) => makeImage(size[0]!, size[1]!, size[2]);

describe('what draws nothing has the bytes of the libraries of ImageNet-C', () => {
  const titled = golden.cases.map(
    (one) => [`${one.kind} ${one.scale} ${one.severity} of ${one.size.join(' x ')}`, one] as const,
  );
  it.each(titled)('%s', async (_, { kind, scale, severity, size, bytes }) => {
    const corrupt = createCorruption({
      ...{ kind: kind as CorruptionKind, scale: scale as Scale, severity, seed: 0 },
    });
    const { data } = await corrupt(imageOf(size), 0);
    expect(data).toHaveLength(bytes.length / 2);
    expect(apart(data, bytesOf(bytes))).toBe(0);
  });
});

describe('parts of what draws', () => {
  const image = fromRaster(makeImage(9, 11, 1));

  it.each(golden.motion)('motion of $radius pixels at $degrees degrees', (one) => {
    const moved = toRaster(moveAlong(image, one.radius, one.deviation, one.degrees));
    expect(apart(moved.data, bytesOf(one.bytes))).toBe(0);
  });

  const [height, width] = golden.edges.size as [number, number];
  const depth = bytesOf(golden.edges.depth);

  it('edges', () => {
    const edges = findEdges({ height, width, data: depth }, 50, 150);
    expect(edges.join('')).toBe(golden.edges.edges);
    expect(edges).toContain(1);
    const distances = measureDistances(edges, height, width);
    for (const [at, wanted] of golden.distances.entries()) expect(distances[7 * at]).toBeCloseTo(wanted, 2);
  });

  it('light on the rims of water', () => {
    const light = lightRims({
      height,
      width,
      channels: 1,
      data: Float64Array.from(depth, (byte) => byte / 255),
    });
    for (const [at, wanted] of golden.rims.entries()) expect(light[7 * at]).toBeCloseTo(wanted, 5);
  });

  it('values between pixels, and beyond the border', () => {
    const { places, ...wanted } = golden.sampled;
    for (const [border, values] of Object.entries(wanted)) {
      const found = places.map(([row, column]) => {
        const out = [0];
        sampleAt(image, row!, column!, border as Border, out, 0);
        return out[0]!;
      });
      for (const [at, value] of values.entries()) expect(found[at], border).toBeCloseTo(value, 12);
    }
  });

  it('a Gaussian that differs along rows and columns', () => {
    const { data } = smooth(image, [0.9, 1.4], { border: 'mirror-edge', truncate: 3 });
    for (const [at, wanted] of golden.smoothed.entries()) expect(data[9 * at]).toBeCloseTo(wanted, 12);
  });
});
