import { describe, expect, it } from 'vitest';
import { fillNormal } from '../../random/draw.js';
import { drawFloat24, stream } from '../../random/stream.js';
import { estimateDensity } from './density.js';
import { calibrate, densitiesAt, estimateDensities, measureShift, type Side, standardise } from './shift.js';
import golden from './testing/shift.json' with { type: 'json' };

/** As in `scripts/golden/shift.py`. */
const uniform = (of: number, i: number, k: number) =>
  ((7919 * of + 104729 * i + 31 * k + 12345) % 65537) / 65537;

function goldenSide(s: number): Side {
  const features = Array.from({ length: golden.examples }, (_, i) => [
    4 * uniform(s, i, 0) + s,
    2 * uniform(s + 2, i, 1) + (i % 2) + s / 2,
  ]).flat();
  return {
    features: { data: Float64Array.from(features), width: 2 },
    labels: Array.from({ length: golden.examples }, (_, i) => i % 2),
  };
}

/** 2 n examples, half of each class; the first feature is that of the sign, with noise. */
function drawSide(seed: number, n: number, agreement: number, { shift = 0, noise = 0.1 } = {}): Side {
  const source = stream(seed, 'side');
  const labels = Array.from({ length: 2 * n }, (_, at) => at % 2);
  const data = new Float64Array(4 * n);
  const normal = new Float32Array(2);
  for (const [at, label] of labels.entries()) {
    fillNormal(source, normal);
    const agrees = drawFloat24(source) < agreement;
    data[2 * at] = (agrees === (label === 1) ? 1 : -1) + noise * normal[0]! + shift;
    data[2 * at + 1] = normal[1]!;
  }
  return { features: { data, width: 2 }, labels };
}

const shiftOf = (p: Side, q: Side) => measureShift(estimateDensities(p, q, stream(0, 'points'), 4000));

describe('density estimates', () => {
  it('are of a normal distribution a wider one', () => {
    const data = Float64Array.from(fillNormal(stream(1, 'normal'), new Float32Array(5000)));
    const variance = 1 + 5000 ** (-2 / 5);
    const points = Float64Array.from([-2, -1, 0, 0.5, 2]);
    const found = estimateDensity({ data, width: 1 }).at({ data: points, width: 1 });
    for (const [at, x] of points.entries()) {
      const expected = Math.exp(-(x * x) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
      expect(found[at]).toBeCloseTo(expected, 1);
      expect(Math.abs(found[at]! - expected)).toBeLessThan(0.02);
    }
  });

  it('refuse points that do not span the space', () => {
    const line = { data: Float64Array.from([1, 1, 2, 2, 3, 3, 4, 4]), width: 2 };
    expect(() => estimateDensity(line)).toThrow(RangeError);
    expect(() => estimateDensity({ data: new Float64Array(4), width: 2 })).toThrow('do not span');
  });
});

describe('diversity and correlation shift', () => {
  it('are those of the definition, written in numpy', () => {
    const [p, q] = [goldenSide(0), goldenSide(1)];
    const [own, other] = standardise(p.features, q.features);
    const all = Float64Array.from([...own.data, ...other.data]);
    const points = Array.from({ length: golden.points }, (_, j) =>
      [0, 1].map((k) => 6 * uniform(9, j, k) - 3),
    );
    const densities = densitiesAt(
      { ...p, features: own },
      { ...q, features: other },
      estimateDensity({ data: all, width: 2 }),
      { data: Float64Array.from(points.flat()), width: 2 },
    );
    for (const name of ['drawn', 'p', 'q'] as const) {
      for (const [at, value] of golden[name].entries()) {
        expect(Math.abs(densities[name][at]! - value)).toBeLessThan(1e-12 + 1e-9 * value);
      }
    }
    for (const { thresholds, diversity, correlation } of golden.shifts) {
      const found = measureShift(densities, thresholds);
      expect(found.diversity).toBeCloseTo(diversity, 9);
      expect(found.correlation).toBeCloseTo(correlation, 9);
    }
  });

  it('are 0 of two sides alike', () => {
    const found = shiftOf(drawSide(1, 400, 0.8), drawSide(2, 400, 0.8));
    expect(found.diversity).toBeLessThan(0.01);
    expect(found.correlation).toBeLessThan(0.06);
  });

  it('are 1 and 0 of two that have nothing in common', () => {
    const found = shiftOf(drawSide(1, 400, 0.8), drawSide(2, 400, 0.8, { shift: 60 }));
    expect(found.diversity).toBeGreaterThan(0.95);
    expect(found.diversity).toBeLessThan(1.1);
    expect(found.correlation).toBe(0);
  });

  it.each([
    [0.8, 0.1],
    [0.9, 0.5],
  ])('have correlations of %f and %f apart by their difference', (one, other) => {
    // z is one of two values, each as frequent on either side: ½ · Σ_y |p(y|z) − q(y|z)| is |one − other|; narrower kernels of a class
    // that hardly varies make the estimate a little more.
    const found = shiftOf(drawSide(1, 1000, one), drawSide(2, 1000, other));
    expect(found.diversity).toBeLessThan(0.01);
    expect(found.correlation).toBeGreaterThan(Math.abs(one - other) - 0.1);
    expect(found.correlation).toBeLessThan(Math.abs(one - other) + 0.1);
  });

  it('have thresholds at which they are near 0 of sides alike', () => {
    const alike = estimateDensities(drawSide(1, 300, 0.8), drawSide(2, 300, 0.8), stream(0, 'points'), 2000);
    const found = measureShift(alike, calibrate(alike));
    expect(found.correlation).toBeGreaterThanOrEqual(5e-3);
    expect(found.correlation).toBeLessThanOrEqual(1e-2);
    expect(found.diversity).toBeLessThanOrEqual(1e-2);
  });

  it('leave classes out of which there is too little', () => {
    const [p, q] = [drawSide(1, 100, 0.8), drawSide(2, 100, 0.8)];
    const rare = (side: Side) => ({
      ...side,
      labels: Array.from(side.labels, (label, at) => (at === 0 ? 2 : label)),
    });
    const found = estimateDensities(rare(p), rare(q), stream(0, 'points'), 100);
    expect(found.skipped).toEqual([2]);
    expect(found.classes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});
