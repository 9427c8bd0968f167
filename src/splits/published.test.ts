import { describe, expect, it } from 'vitest';
import { countUp } from '../random/draw.js';
import { makeGrid } from '../variables/grid.js';
import { countLevels, layOutHeads, scaleLevels, targetVariance } from '../variables/targets.js';
import type { VariableTable } from '../variables/variable.js';
import { nameHeldVariables } from './held.js';
import { makeSplit, splitRules } from './index.js';
import { nearestSeen, trainMean } from './references.js';
import type { Split } from './split.js';
import { type PublishedGrid, publishedGrids } from './testing/grids.js';

// Every number here is printed in, or follows by arithmetic from, Schott et al. (2022) and its code.
type GridName = keyof typeof publishedGrids;
type Held = Record<string, number[]>;

const tables = Object.fromEntries(
  Object.entries(publishedGrids).map(([name, { variables }]) => [name, makeGrid(variables)]),
);
const splits = new Map<string, Split>();

function splitOf(name: GridName, rule: string): Split {
  const key = `${name} ${rule}`;
  const { fixed, share, compositionShare }: PublishedGrid = publishedGrids[name];
  const split =
    splits.get(key) ?? makeSplit(tables[name]!, { rule, fixed, share, composition_share: compositionShare });
  splits.set(key, split);
  return split;
}

const range = (low: number, high: number) => Array.from({ length: high - low + 1 }, (_, i) => low + i);
const nonEmpty = (held: Split['held']) =>
  Object.fromEntries(Object.entries(held).filter(([, h]) => h.length > 0));

const spacedPositions = [2, 7, 11, 15, 20, 24, 29];
const heldValues: [GridName, Held, Held][] = [
  [
    'dsprites',
    { scale: [1, 4], orientation: [2, 7, 12, 17, 22, 27, 32, 37], x: spacedPositions, y: spacedPositions },
    { scale: [4, 5], orientation: range(32, 39), x: range(25, 31), y: range(25, 31) },
  ],
  [
    'dsprites-rot90',
    { scale: [1, 4], orientation: [2, 7], x: spacedPositions, y: spacedPositions },
    { scale: [4, 5], orientation: [8, 9], x: range(25, 31), y: range(25, 31) },
  ],
  [
    'shapes3d',
    { floor: [2, 7], wall: [2, 7], object: [2, 7], size: [2, 5], azimuth: [2, 7, 12] },
    { floor: [8, 9], wall: [8, 9], object: [8, 9], size: [6, 7], azimuth: [12, 13, 14] },
  ],
  [
    'mpi3d-real',
    { colour: [3], height: [1], background: [1], x: [5, 15, 24, 34], y: [5, 15, 24, 34] },
    { colour: [5], height: [2], background: [2], x: range(36, 39), y: range(36, 39) },
  ],
  [
    'celeb-glow',
    { smile: [1, 4], blond: [1, 4], age: [1, 4] },
    { smile: [4, 5], blond: [4, 5], age: [4, 5] },
  ],
];

describe('held values', () => {
  it.each(heldValues)('%s', (name, interpolation, extrapolation) => {
    expect(nonEmpty(splitOf(name, 'interpolation').held)).toEqual(interpolation);
    expect(nonEmpty(splitOf(name, 'extrapolation').held)).toEqual(extrapolation);
    expect(nonEmpty(splitOf(name, 'composition').held)).toEqual({});
    expect(nonEmpty(splitOf(name, 'random').held)).toEqual({});
  });
});

describe('set sizes', () => {
  it.each([
    ['dsprites', 737_280, 240_000, 497_280, 192_312, 544_968],
    ['dsprites-rot90', 184_320, 60_000, 124_320, 48_078, 136_242],
    ['shapes3d', 480_000, 147_456, 332_544, 153_408, 326_592],
    ['mpi3d-real', 1_036_800, 311_040, 725_760, 287_712, 749_088],
    ['celeb-glow', 216_000, 64_000, 152_000, 91_000, 125_000],
  ] as const)('%s', (name, size, train, test, compositionTrain, compositionTest) => {
    expect(tables[name]!.size).toBe(size);
    const sizes = (rule: string) => {
      const { sets } = splitOf(name, rule);
      return [sets.train.length, sets.test!.length];
    };
    for (const rule of ['random', 'interpolation', 'extrapolation'])
      expect(sizes(rule)).toEqual([train, test]);
    expect(sizes('composition')).toEqual([compositionTrain, compositionTest]);
  });
});

describe('low values of composition', () => {
  it.each([
    ['dsprites', { orientation: range(0, 3), x: range(0, 2), y: range(0, 2) }],
    ['dsprites-rot90', { orientation: [0], x: range(0, 2), y: range(0, 2) }],
    ['shapes3d', { floor: [0], wall: [0], object: [0], azimuth: [0] }],
    ['mpi3d-real', { x: range(0, 5), y: range(0, 5) }],
    ['celeb-glow', { smile: [0], blond: [0], age: [0] }],
  ] as [GridName, Held][])('%s', (name, low) => {
    const { sets } = splitOf(name, 'composition');
    const absent = Object.fromEntries(
      tables[name]!.variables.map((variable) => {
        const counts = countLevels(tables[name]!, variable.name, sets.test!);
        return [variable.name, [...counts.keys()].filter((level) => counts[level] === 0)];
      }),
    );
    expect(nonEmpty(absent)).toEqual(low);
    for (const { name: variable } of tables[name]!.variables) {
      expect(Math.min(...countLevels(tables[name]!, variable, sets.train))).toBeGreaterThan(0);
    }
  });
});

describe('sub-splits with exactly one held value', () => {
  it.each([
    ['dsprites', { scale: 120_000, orientation: 60_000, x: 67_200, y: 67_200 }],
    ['dsprites-rot90', { scale: 30_000, orientation: 15_000, x: 16_800, y: 16_800 }],
    ['shapes3d', { floor: 36_864, wall: 36_864, object: 36_864, size: 49_152, azimuth: 36_864 }],
    ['mpi3d-real', { colour: 62_208, height: 155_520, background: 155_520, x: 34_560, y: 34_560 }],
    ['celeb-glow', { smile: 32_000, blond: 32_000, age: 32_000 }],
  ] as [GridName, Record<string, number>][])('%s', (name, sizes) => {
    for (const rule of ['interpolation', 'extrapolation']) {
      const held = nameHeldVariables(tables[name]!, splitOf(name, rule), countUp(tables[name]!.size));
      const counts: Record<string, number> = {};
      for (const names of held) counts[names] = (counts[names] ?? 0) + 1;
      expect(counts).toMatchObject(sizes);
    }
    const none = nameHeldVariables(tables[name]!, splitOf(name, 'composition'), range(0, 999));
    expect(new Set(none)).toEqual(new Set(['']));
  });
});

describe('random split', () => {
  it.each(Object.keys(publishedGrids) as GridName[])('%s has the test count of extrapolation', (name) => {
    expect(splitOf(name, 'random').sets.test!.length).toBe(splitOf(name, 'extrapolation').sets.test!.length);
  });
});

/** R2 of level-wise predictions over some examples, with the variance of the whole grid. */
function scoreTarget(
  table: VariableTable,
  name: string,
  predictions: (level: number) => number,
  counts: Uint32Array,
): number {
  const scaled = scaleLevels(table.variable(name));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const error = counts.reduce((sum, n, level) => sum + n * (predictions(level) - scaled[level]!) ** 2, 0);
  return 1 - error / total / targetVariance(table, name);
}

function scoreReferences(name: GridName, rule: string) {
  const table = tables[name]!;
  const split = splitOf(name, rule);
  const targets = table.variables.map((variable) => variable.name);
  const heads = layOutHeads(
    table,
    targets.map((target) => ({ name: target, kind: 'numeric' })),
  );
  const answers = { mean: trainMean(table, split, heads), nearest: nearestSeen(table, split, heads) };
  const score = (of: (target: string) => Uint32Array, kind: 'mean' | 'nearest') =>
    Object.fromEntries(
      targets.map((target) => [
        target,
        scoreTarget(table, target, (level) => answers[kind][target]![level]![0]!, of(target)),
      ]),
    );
  const onTest = (target: string) => countLevels(table, target, split.sets.test!);
  const onHeld = (target: string) =>
    countLevels(table, target).map((count, level) => (split.held[target]!.includes(level) ? count : 0));
  const average = (scores: Record<string, number>) =>
    Object.values(scores).reduce((sum, value) => sum + value, 0) / targets.length;
  return {
    mean: average(score(onTest, 'mean')),
    nearest: average(score(onTest, 'nearest')),
    heldMean: score(onHeld, 'mean'),
    heldNearest: score(onHeld, 'nearest'),
  };
}

describe('reference levels', () => {
  const levels: [GridName, string, number, number][] = [
    ['dsprites', 'interpolation', 0.016, 0.964],
    ['dsprites', 'extrapolation', -0.388, 0.873],
    ['dsprites', 'composition', -0.134, 1],
    ['shapes3d', 'interpolation', 0.029, 0.968],
    ['shapes3d', 'extrapolation', -0.302, 0.916],
    ['shapes3d', 'composition', -0.053, 1],
    ['mpi3d-real', 'interpolation', 0.073, 0.784],
    ['mpi3d-real', 'extrapolation', -0.302, 0.782],
    ['mpi3d-real', 'composition', -0.171, 1],
    ['celeb-glow', 'interpolation', 0.036, 0.878],
    ['celeb-glow', 'extrapolation', -0.546, 0.695],
    ['celeb-glow', 'composition', -0.126, 1],
  ];
  it.each(levels)('%s %s: train mean %f, nearest seen %f', (name, rule, mean, nearest) => {
    const scores = scoreReferences(name, rule);
    expect(scores.mean.toFixed(3)).toBe(mean.toFixed(3));
    expect(scores.nearest.toFixed(3)).toBe(nearest.toFixed(3));
  });

  it.each(Object.keys(publishedGrids) as GridName[])('%s random: 0 and 1', (name) => {
    const scores = scoreReferences(name, 'random');
    expect(Math.abs(scores.mean)).toBeLessThan(0.002);
    expect(scores.nearest).toBe(1);
  });

  it.each([
    ['dsprites', 'scale', -2.17, 0.14],
    ['dsprites', 'orientation', -2.04, 0.81],
    ['dsprites', 'x', -2.05, 0.77],
    ['shapes3d', 'wall', -2.06, 0.7],
    ['shapes3d', 'size', -2.1, 0.52],
    ['shapes3d', 'azimuth', -2.05, 0.75],
    ['mpi3d-real', 'colour', -2.09, 0.66],
    ['mpi3d-real', 'height', -2.38, -0.5],
    ['mpi3d-real', 'y', -2.01, 0.94],
  ] as [GridName, string, number, number][])(
    '%s %s, held values of extrapolation',
    (name, target, mean, nearest) => {
      const scores = scoreReferences(name, 'extrapolation');
      expect(scores.heldMean[target]!.toFixed(2)).toBe(mean.toFixed(2));
      expect(scores.heldNearest[target]!.toFixed(2)).toBe(nearest.toFixed(2));
    },
  );
});

it('covers every rule that divides levels', () => {
  const others = ['statement', 'stratified', 'domains'];
  const rules = Object.keys(splitRules).filter((rule) => !others.includes(rule));
  expect(rules).toEqual(['random', 'composition', 'interpolation', 'extrapolation']);
});
