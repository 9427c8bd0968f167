import { dspritesFactors } from '../../datasets/drawn/dsprites/factors.js';
import type { Variable } from '../../variables/variable.js';

/** A published factor grid, with how Schott et al. (2022) split it. */
export interface PublishedGrid {
  readonly variables: readonly Variable[];
  /** Factors that are never split. */
  readonly fixed: readonly string[];
  /** Held-out share per split factor. */
  readonly share: number;
  /** Share of low levels in composition, where it does not follow from `share`. */
  readonly compositionShare?: number;
}

const categorical = (name: string, ...levels: readonly string[]): Variable => ({
  name,
  kind: 'categorical',
  levels,
});
const ordered = (name: string, levels: readonly number[]): Variable => ({ name, kind: 'ordered', levels });
const hues = (name: string): Variable => ({ name, kind: 'cyclic', levels: countTo(10).map((i) => i / 10) });

function countTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

const shapes3d: readonly Variable[] = [
  hues('floor'),
  hues('wall'),
  hues('object'),
  ordered(
    'size',
    countTo(8).map((i) => 0.75 + i / 14),
  ),
  categorical('type', 'cube', 'cylinder', 'sphere', 'capsule'),
  ordered(
    'azimuth',
    countTo(15).map((i) => -30 + (60 * i) / 14),
  ),
];

const mpi3d: readonly Variable[] = [
  categorical('colour', 'white', 'green', 'red', 'blue', 'brown', 'olive'),
  categorical('shape', 'cone', 'cube', 'cylinder', 'hexagonal', 'pyramid', 'sphere'),
  categorical('size', 'small', 'large'),
  categorical('height', 'top', 'centre', 'bottom'),
  categorical('background', 'purple', 'sea green', 'salmon'),
  ordered('x', countTo(40)),
  ordered('y', countTo(40)),
];

/** The grids by name. Their factors are known here whether or not their images are at hand. */
export const publishedGrids = {
  dsprites: { variables: dspritesFactors, fixed: ['shape'], share: 0.2 },
  'dsprites-rot90': {
    variables: dspritesFactors.map((factor) =>
      factor.name === 'orientation' ? ordered(factor.name, factor.levels.slice(0, 10)) : factor,
    ),
    fixed: ['shape'],
    share: 0.2,
  },
  shapes3d: { variables: shapes3d, fixed: ['type'], share: 0.15 },
  'mpi3d-real': { variables: mpi3d, fixed: ['shape', 'size'], share: 0.1 },
  'celeb-glow': {
    variables: [
      { name: 'person', kind: 'categorical', levels: countTo(1000) },
      ordered('smile', countTo(6)),
      ordered('blond', countTo(6)),
      ordered('age', countTo(6)),
    ],
    fixed: ['person'],
    share: 0.3,
    compositionShare: 0.2,
  },
} as const satisfies Readonly<Record<string, PublishedGrid>>;
