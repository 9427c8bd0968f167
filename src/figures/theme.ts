import type { Config } from 'vega-lite';
import { fontFamily } from './font-metrics.js';

export const schema = 'https://vega.github.io/schema/vega-lite/v6.json';

/** Width of a paper's text: 5.5 inch in points. Every figure is drawn in points, so sizes are true. */
export const paperWidth = 396;

/** Okabe and Ito (2008): told apart with every kind of colour vision. */
export const palette = {
  black: '#000000',
  orange: '#E69F00',
  sky: '#56B4E9',
  green: '#009E73',
  blue: '#0072B2',
  vermillion: '#D55E00',
  purple: '#CC79A7',
  grey: '#767676',
  // Of Tol's muted scheme, where there are more categories.
  indigo: '#332288',
  olive: '#999933',
  wine: '#882255',
  teal: '#44AA99',
  sand: '#DDCC77',
} as const;

/** Colour never stands alone: every category also has a shape and a dash pattern of its own. */
export interface Look {
  readonly color: string;
  readonly shape: string;
  readonly dash: readonly number[];
}

const looks: readonly Look[] = [
  { color: palette.blue, shape: 'circle', dash: [1, 0] },
  { color: palette.vermillion, shape: 'diamond', dash: [5, 2] },
  { color: palette.green, shape: 'square', dash: [2, 1.5] },
  { color: palette.purple, shape: 'triangle-up', dash: [6, 1.5, 1.5, 1.5] },
  { color: palette.orange, shape: 'triangle-down', dash: [4, 1] },
  { color: palette.sky, shape: 'cross', dash: [1, 1] },
  { color: palette.black, shape: 'triangle-right', dash: [8, 2] },
  { color: palette.wine, shape: 'square', dash: [3, 3] },
  { color: palette.olive, shape: 'circle', dash: [7, 1] },
  { color: palette.indigo, shape: 'cross', dash: [2, 3] },
  { color: palette.teal, shape: 'diamond', dash: [8, 1, 2, 1] },
  { color: palette.sand, shape: 'triangle-up', dash: [1, 2] },
];

const splitLooks: Readonly<Record<string, number>> = {
  random: 0,
  composition: 2,
  interpolation: 4,
  extrapolation: 1,
};

/** The constant is grey and broken, the oracle black and whole. */
export function lookOfReferences(references: readonly string[]): Omit<Look, 'shape'>[] {
  const strokes: Readonly<Record<string, Omit<Look, 'shape'>>> = {
    train_mean: { color: palette.grey, dash: [2, 1.5] },
    nearest_seen: { color: palette.black, dash: [1, 0] },
  };
  return references.map((name) => strokes[name] ?? { color: palette.grey, dash: [1, 1] });
}

/** The same look for the same split in every figure; unknown ones take what is free, in order. */
export function lookOfSplits(splits: readonly string[]): Look[] {
  const taken = new Set(splits.flatMap((split) => splitLooks[split] ?? []));
  const free = looks.filter((_, index) => !taken.has(index));
  let next = 0;
  return splits.map((split) => {
    const known = splitLooks[split];
    if (known !== undefined) return looks[known]!;
    next += 1;
    return free[(next - 1) % Math.max(1, free.length)] ?? looks[0]!;
  });
}

export function lookOfModels(models: readonly string[]): Look[] {
  return models.map((_, index) => looks[index % looks.length]!);
}

export const theme: Config = {
  font: fontFamily,
  background: 'white',
  padding: 2,
  view: { stroke: null },
  axis: {
    labelFontSize: 7,
    titleFontSize: 7.5,
    titleFontWeight: 'normal',
    titlePadding: 4,
    labelPadding: 2,
    tickSize: 3,
    // Ticks and grid exactly where the marks are, not on the nearest whole point.
    tickRound: false,
    translate: 0,
    gridColor: '#E4E4E4',
    gridWidth: 0.5,
    domainColor: '#555555',
    domainWidth: 0.6,
    tickColor: '#555555',
    tickWidth: 0.6,
  },
  title: { fontSize: 8, fontWeight: 'bold', anchor: 'middle', offset: 4 },
};
