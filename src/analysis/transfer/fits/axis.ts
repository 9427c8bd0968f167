import { normalQuantile } from '../../../core/numbers/normal-quantile.js';
import { normalCdf } from '../statistics/normal.js';

/** Scales on which accuracies may lie on a line (Taori et al. 2020, Miller et al. 2021). */
export const axes = ['linear', 'logit', 'probit'] as const;
export type Axis = (typeof axes)[number];

/** An accuracy of n examples away from 0 and 1 by half an example, so that every scale has a place for it. */
export function clipAccuracy(accuracy: number, n: number): number {
  return Math.min(1 - 0.5 / n, Math.max(0.5 / n, accuracy));
}

/** An accuracy in (0, 1) on a scale. */
export function toAxis(axis: Axis, accuracy: number): number {
  if (axis === 'linear') return accuracy;
  return axis === 'logit' ? Math.log(accuracy / (1 - accuracy)) : normalQuantile(accuracy);
}

/** The accuracy at a place of a scale; of `linear` it may lie outside of [0, 1]. */
export function fromAxis(axis: Axis, value: number): number {
  if (axis === 'linear') return value;
  return axis === 'logit' ? 1 / (1 + Math.exp(-value)) : normalCdf(value);
}
