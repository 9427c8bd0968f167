import { type GridFactor, predictGrid } from '../../evaluation/testing/grid-predictions.js';
import type { ImageSample } from '../drawing.js';
import type { SplitImages } from '../images-per-split.js';
import type { RunCurves } from '../learning-curves.js';
import type { ModelPredictions } from '../predicted-against-true.js';

/** Made-up but plausible inputs of the figures: the same ones every time. */

export const splits = ['random', 'composition', 'interpolation', 'extrapolation'];
const models = ['cnn', 'mlp'];
const seeds = [0, 1, 2];

const factors: readonly GridFactor[] = [
  { name: 'shape', levels: 3, held: [] },
  { name: 'scale', levels: 6, held: [4, 5] },
  { name: 'orientation', levels: 10, held: [8, 9] },
  { name: 'x', levels: 16, held: [13, 14, 15] },
];

function wave(...numbers: readonly number[]): number {
  return Math.sin(numbers.reduce((sum, number) => sum * 7.31 + number + 1.7, 0));
}

export function makePredictions(): ModelPredictions[] {
  return models.flatMap((model, index) =>
    seeds.map((seed) => {
      const table = predictGrid(factors, (truth, _, seen) => {
        const end = Math.max(...seen);
        return Math.min(truth, end + (truth - end) * (0.6 - 0.4 * index));
      });
      for (const column of Object.values(table.predictions)) {
        for (let row = 0; row < column.length; row += 1) column[row]! += 0.05 * (1 + index) * wave(row, seed);
      }
      return { model, table };
    }),
  );
}

export function makeCurves(): RunCurves[] {
  return models.flatMap((model, index) =>
    splits.flatMap((split, position) =>
      seeds.map((seed) => {
        const score = (step: number, ceiling: number) =>
          ceiling - 0.9 * Math.exp(-step / 120) - 0.08 * index + 0.03 * wave(step, seed);
        const steps = [100, 200, 300, 400, 500];
        return {
          model,
          split,
          loss: Array.from({ length: 50 }, (_, point) => ({
            step: 10 * (point + 1),
            value: 0.5 * Math.exp(-point / 15) + 0.03 + 0.01 * (1 + wave(point, seed, index)),
          })),
          trainScore: steps.map((step) => ({ step, value: score(step, 0.97) })),
          otherScore: steps.map((step) => ({ step, value: score(step, 0.97 - 0.3 * position) })),
        };
      }),
    ),
  );
}

export function makeImages(): SplitImages[] {
  return splits.map((rule) => ({
    rule,
    statement: [
      'test: scale in {0.9, 1}, orientation in {74°, 83°}, or x or y in the highest 3 of 16 values',
      'train: all other combinations',
    ],
    sets: {
      train: Array.from({ length: 8 }, (_, index) => makeDisc(3 + (index % 4), index)),
      test: Array.from({ length: 8 }, (_, index) => makeDisc(8 + (index % 3), index + 3)),
    },
  }));
}

function makeDisc(radius: number, place: number): ImageSample {
  const size = 64;
  const pixels = new Uint8Array(size * size);
  const [x, y] = [16 + ((place * 13) % 32), 16 + ((place * 7) % 32)];
  for (const index of pixels.keys()) {
    const inside = Math.hypot((index % size) - x, Math.floor(index / size) - y) < radius;
    pixels[index] = inside ? 255 : 0;
  }
  return { width: size, height: size, channels: 1, pixels };
}
