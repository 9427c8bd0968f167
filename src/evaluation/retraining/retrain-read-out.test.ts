import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { numbers } from '../../models/testing/golden.js';
import { fitL1Logistic } from './l1-logistic.js';
import { drawBalancedRows, retrainReadOut } from './retrain-read-out.js';

const { dfr } = JSON.parse(
  readFileSync(new URL('../../objectives/testing/adaptations-golden.json', import.meta.url), 'utf8'),
);
const { columns, sizes, subsets } = dfr as { columns: number; sizes: number[]; subsets: number[][] };
const groups = sizes.flatMap((size, group) => Array.from({ length: size }, () => group));
const labels = groups.map((group) => Math.floor(group / 2));
const features = Float32Array.from(numbers(900, groups.length * columns), (u, place) => {
  const group = groups[Math.floor(place / columns)]!;
  const at = place % columns;
  return 3 * u - 1.5 + (at === 0 ? Math.floor(group / 2) : at === 1 ? group % 2 : 0);
});
const fits = dfr.fits.filter((fit: { intercept: string }) => fit.intercept === 'penalised');

it.each(fits as { c: number; mean: number[] }[])(
  'is the mean of the fits of PyTorch, with c = $c',
  ({ c, mean }) => {
    const draws = subsets.map((rows) => Uint32Array.from(rows));
    const { kernel, bias } = retrainReadOut(features, labels, { c, subsets: draws, classes: 2 });
    const rows = labels.length;
    const meanOf = (at: number) =>
      labels.reduce((sum, _, row) => sum + features[row * columns + at]! / rows, 0);
    let intercept = bias[0]!;
    for (let at = 0; at < columns; at++) {
      const own = meanOf(at);
      const variance = labels.reduce(
        (sum, _, row) => sum + (features[row * columns + at]! - own) ** 2 / rows,
        0,
      );
      expect(kernel[at]! * Math.sqrt(variance)).toBeCloseTo(mean[at]!, 5);
      intercept += kernel[at]! * own;
    }
    expect(intercept).toBeCloseTo(mean[columns]!, 5);
  },
);

it('leaves out what does not help', () => {
  const rows = { features: Float64Array.of(1, 0.1, -1, 0.1, 1, -0.1, -1, -0.1), columns: 2 };
  const w = fitL1Logistic({ ...rows, positive: [true, false, true, false] }, 1);
  expect(w[0]).toBeGreaterThan(0);
  expect([...w.slice(1)]).toEqual([0, 0]);
});

it('draws as many rows of every group, anew each time', () => {
  const drawn = drawBalancedRows(groups, 3, 0);
  for (const rows of drawn) {
    expect(sizes.map((_, group) => [...rows].filter((row) => groups[row] === group).length)).toEqual([
      7, 7, 7, 7,
    ]);
    expect(new Set(rows).size).toBe(28);
  }
  expect(drawn[0]).not.toEqual(drawn[1]);
  expect(drawBalancedRows(groups, 3, 0)).toEqual(drawn);
});
