import { describe, expect, it } from 'vitest';
import { fillNormal } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import type { Matrix } from '../probes/matrix.js';
import { measureDetection } from './metrics.js';
import { type DetectionScore, detectionScores, type TrainReading } from './scores.js';

const inside = [5, 4, 4, 3, 7, 2, 6, 4, 9, 3];
const outside = [1, 4, 2, 3, 0, 2, 5, 1];

describe('how well sets are told apart', () => {
  it('is what scikit-learn finds, where scores are tied', () => {
    const found = measureDetection(inside, outside);
    expect(found.auroc).toBeCloseTo(0.825, 12);
    expect(found.fpr95).toBeCloseTo(0.7, 12);
    expect(found.auprIn).toBeCloseTo(0.8502777777777777, 12);
    expect(found.auprOut).toBeCloseTo(0.840224358974359, 12);
  });

  it('is perfect, reversed or a matter of chance', () => {
    expect(measureDetection([3, 4], [1, 2])).toEqual({ auroc: 1, fpr95: 0, auprIn: 1, auprOut: 1 });
    expect(measureDetection([1, 2], [3, 4])).toMatchObject({ auroc: 0, fpr95: 1 });
    // One threshold: from (0, 1) to the share of the positive ones.
    expect(measureDetection([1, 1, 1], [1])).toEqual({ auroc: 0.5, fpr95: 1, auprIn: 0.875, auprOut: 0.625 });
  });

  it('is, of random scores, what all pairs and all thresholds say', () => {
    const source = stream(3, 'detection');
    for (let round = 0; round < 60; round++) {
      const draw = (count: number, shift: number) =>
        Array.from(fillNormal(source, new Float32Array(count)), (value) =>
          // Coarse, so that many are tied.
          Math.round((1 + (round % 4) * 2) * (value + shift)),
        );
      const [high, low] = [draw(1 + (round % 17), 0.5), draw(1 + ((7 * round) % 23), 0)];
      const found = measureDetection(high, low);
      let pairs = 0;
      for (const one of high) for (const other of low) pairs += one > other ? 1 : one === other ? 0.5 : 0;
      expect(found.auroc).toBeCloseTo(pairs / high.length / low.length, 12);
      const share = (scores: readonly number[], threshold: number) =>
        scores.filter((score) => score <= threshold).length / scores.length;
      const thresholds = [...high, ...low].sort((a, b) => a - b);
      const first = thresholds.find((threshold) => share(low, threshold) >= 0.95)!;
      expect(found.fpr95).toBeCloseTo(share(high, first), 12);
      // Turned round, each is the other.
      const negated = (scores: readonly number[]) => scores.map((score) => -score);
      const mirrored = measureDetection(negated(low), negated(high));
      expect(mirrored.auroc).toBeCloseTo(found.auroc, 12);
      expect(mirrored.auprIn).toBeCloseTo(found.auprOut, 12);
    }
  });

  it('is Φ(d / √2) of two normal distributions d deviations apart', () => {
    const source = stream(5, 'normal');
    const draw = (shift: number) => fillNormal(source, new Float32Array(20000)).map((value) => value + shift);
    const { auroc, fpr95 } = measureDetection(draw(1.5), draw(0));
    expect(Math.abs(auroc - 0.8555778)).toBeLessThan(0.006);
    // 95 % of the lower one lie below 1.644854: Φ(1.644854 - 1.5).
    expect(Math.abs(fpr95 - 0.5575877)).toBeLessThan(0.02);
  });
});

const matrix = (rows: number, columns: number, value: (row: number, column: number) => number): Matrix => ({
  ...{ rows, columns },
  data: Float32Array.from({ length: rows * columns }, (_, at) =>
    value(Math.floor(at / columns), at % columns),
  ),
});
const features = matrix(12, 4, (a, b) => ((7 * a * a + 13 * b * b + 5 * a * b + 3 * a) % 17) / 8 - 1);
const others = matrix(5, 4, (a, b) => ((11 * a * a + 3 * b * b + 7 * a * b + 5 * b + 2) % 19) / 6 - 1);
const kernel = matrix(4, 3, (a, b) => ((5 * a + 3 * b * b + a * b) % 7) / 4 - 0.75).data;
const bias = [0.25, -0.5, 0.125];
const logitsOf = (of: Matrix) =>
  matrix(
    of.rows,
    3,
    (row, column) =>
      bias.reduce((sum, _, at) => (at === column ? sum + bias[at]! : sum), 0) +
      [0, 1, 2, 3].reduce((sum, at) => sum + of.data[row * 4 + at]! * kernel[at * 3 + column]!, 0),
  );
const train: TrainReading = {
  ...{ features, logits: logitsOf(features), readOut: { kernel, bias } },
  labels: Array.from({ length: 12 }, (_, at) => at % 3),
};

describe('scores', () => {
  // numpy, SciPy and scikit-learn, by the formulas of the papers.
  const wanted: Readonly<Record<DetectionScore, readonly number[]>> = {
    msp: [0.6486170868866142, 0.5606104627890369, 0.7791150127994104, 0.8885893863820118, 0.4717097326764763],
    energy: [2.498048330457091, 2.492700041160826, 2.216873334019019, 3.080116425196096, 2.370510314689434],
    mahalanobis: [
      -6.616763254515003, -13.37582749363951, -15.317095961580963, -34.33522566118929, -10.612686960456829,
    ],
    knn: [
      -0.988037755463837, -0.95622400360766, -0.8102163068650613, -1.1120811979591552, -1.3401833696645913,
    ],
    vim: [
      0.7055626211717755, 0.3878169715320938, 0.07459401151050904, 1.664987540009653, 0.14507355200069472,
    ],
  };
  it.each(Object.entries(wanted))('%s is what its paper defines', (name, values) => {
    const score = detectionScores[name as DetectionScore].fit(train, { temperature: 2, neighbours: 3 });
    const found = score({ features: others, logits: logitsOf(others) });
    for (const [at, value] of values.entries()) expect(found[at]).toBeCloseTo(value, 4);
  });

  it('leave out features that are constant, and refuse more neighbours than there are', () => {
    const widen = (of: Matrix) =>
      matrix(of.rows, 5, (row, column) => (column < 4 ? of.data[row * 4 + column]! : 0));
    const wide = { ...train, features: widen(features) };
    const score = detectionScores.mahalanobis.fit(wide, { temperature: 1, neighbours: 1 });
    const found = score({ features: widen(others), logits: logitsOf(others) });
    expect(found[0]).toBeCloseTo(wanted.mahalanobis[0]!, 4);
    expect(() => detectionScores.knn.fit(train, { temperature: 1, neighbours: 13 })).toThrow(
      expect.objectContaining({ code: 'E_DETECTION_NEIGHBOURS' }),
    );
  });
});
