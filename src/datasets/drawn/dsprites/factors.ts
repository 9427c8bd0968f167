import type { Variable } from '../../../variables/variable.js';

const spaced = (count: number, low: number, high: number) =>
  Array.from({ length: count }, (_, i) => (i === count - 1 ? high : low + (i * (high - low)) / (count - 1)));

/**
 * The full grid of dSprites in its file's order, last factor fastest: 737,280 images. Orientations
 * include both 0 and 2π, which look alike; positions grow rightwards and downwards.
 */
export const dspritesFactors = [
  { name: 'shape', kind: 'categorical', levels: ['square', 'ellipse', 'heart'] },
  { name: 'scale', kind: 'ordered', levels: [0.5, 0.6, 0.7, 0.8, 0.9, 1] },
  { name: 'orientation', kind: 'cyclic', levels: spaced(40, 0, 2 * Math.PI) },
  { name: 'x', kind: 'ordered', levels: spaced(32, 0, 1) },
  { name: 'y', kind: 'ordered', levels: spaced(32, 0, 1) },
] as const satisfies readonly Variable[];
