import type { Method } from '../../analysis/fairness/study/trade-offs/methods.js';
import { palette } from '../theme.js';

/** A star with five points in the square from −1 to 1, as Vega takes a path for a shape. */
export const star = pathOfStar(5, 0.42);

export interface MethodLook {
  readonly color: string;
  readonly shape: string;
  /** Area of the mark in square points. */
  readonly size: number;
  readonly label: string;
}

/** The same look for the same method in every figure; as in the authors' figures, where they have one. */
export const methodLooks: { readonly [M in Method]?: MethodLook } = {
  unconstrained: { color: palette.orange, shape: star, size: 90, label: 'unconstrained' },
  regularised: { color: palette.blue, shape: 'square', size: 30, label: 'regularised' },
  'two heads': { color: palette.vermillion, shape: 'diamond', size: 30, label: 'two heads' },
  'two heads, f > 0': { color: palette.wine, shape: 'triangle-right', size: 30, label: 'two heads, f > 0' },
  'two heads, certified': { color: palette.teal, shape: 'diamond', size: 40, label: 'two heads, certified' },
  'exponentiated gradient': {
    ...{ color: palette.indigo, shape: 'triangle-left', size: 34 },
    label: 'exponentiated gradient',
  },
  'thresholds of predicted groups': {
    ...{ color: palette.purple, shape: 'triangle-up', size: 18 },
    label: 'thresholds of predicted groups',
  },
  reweighed: { color: palette.green, shape: 'circle', size: 36, label: 'reweighed' },
  adversarial: { color: palette.olive, shape: 'triangle-down', size: 36, label: 'adversarial' },
  'thresholds of true groups': {
    ...{ color: palette.sky, shape: 'cross', size: 34 },
    label: 'thresholds of true groups',
  },
  constant: { color: palette.black, shape: 'circle', size: 30, label: 'constant' },
};

function pathOfStar(points: number, inner: number): string {
  const corners = Array.from({ length: 2 * points }, (_, at) => {
    const radius = at % 2 === 0 ? 1 : inner;
    const angle = (Math.PI * at) / points;
    return `${(radius * Math.sin(angle)).toFixed(3)},${(-radius * Math.cos(angle)).toFixed(3)}`;
  });
  return `M${corners.join('L')}Z`;
}
