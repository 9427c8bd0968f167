import { expect, it } from 'vitest';
import { summarize } from '../../analysis/summary.js';
import { placeLabels } from './place-labels.js';
import { findFall, fitDomain, isCut, toSpot } from './scatter.js';

const of = (...values: number[]) => summarize(values)!;

it('fits an axis to means and to intervals that leave them apart', () => {
  // Intervals of ±0.0254 about means 0.1 apart.
  const near = [of(0.698, 0.702), of(0.798, 0.802)];
  const [low, high] = fitDomain(near);
  expect(low).toBeLessThan(0.6746);
  expect(high).toBeGreaterThan(0.8254);
  expect(isCut(near, [low, high])).toBe(false);

  const wild = [...near, of(0.5, 1)];
  expect(fitDomain(wild)).toEqual([low, high]);
  expect(isCut(wild, [low, high])).toBe(true);
  expect(fitDomain(near, [0])[0]).toBeLessThan(0);
  const [one, other] = fitDomain([of(0.7)]);
  expect([one, other]).toEqual([expect.closeTo(0.69, 9), expect.closeTo(0.71, 9)]);
});

it('parts a few values that lie far below all others', () => {
  const near = [0.82, 0.825, 0.83, 0.84, 0.845, 0.848, 0.85, 0.85];
  expect(findFall([0.72, 0.75, ...near])).toBeCloseTo(0.785, 9);
  expect(findFall(near)).toBeUndefined();
  expect(findFall([0.7, 0.8])).toBeUndefined();
  expect(findFall([])).toBeUndefined();
});

it('puts labels beside marks, off each other and inside the panel', () => {
  const panel = { width: 200, height: 100, size: 7 };
  const marks = [
    { x: 100, y: 50, text: 'λ = 1' },
    { x: 106, y: 50, text: 'λ = 2' },
    { x: 112, y: 50, text: 'λ = 5' },
    { x: 2, y: 2, text: 'λ = 10' },
  ];
  const placed = placeLabels(marks, [{ x: 100, y: 42 }], panel);
  expect(placed.map(({ text }) => text)).toEqual(marks.map(({ text }) => text));
  for (const [at, one] of placed.entries()) {
    expect(one.x).toBeGreaterThan(8);
    expect(one.y).toBeGreaterThan(3);
    for (const other of placed.slice(at + 1)) {
      expect(Math.abs(one.x - other.x) > 19 || Math.abs(one.y - other.y) >= 7).toBe(true);
    }
  }
  expect(placeLabels(marks.slice(0, 1), [], panel)[0]).toMatchObject({ x: 100, away: false });
});

it('knows where a value lies in a panel', () => {
  const domains = [
    [-1, 1],
    [0, 10],
  ] as const;
  expect(toSpot({ x: 0, y: 10 }, domains, { width: 80, height: 40 })).toEqual({ x: 40, y: 0 });
});
