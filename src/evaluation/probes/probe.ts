import type { Matrix } from './matrix.js';

/** Examples of one set: what is read, and what is to be told from it. */
export interface ProbedSet {
  /** As they are: a probe standardises them by its training set. */
  readonly features: Matrix;
  /** Class of every example, from 0 on. */
  readonly labels: Uint16Array;
}

/** What a probe is made from: it is fitted on `train`, and what is open is chosen on `validation`. */
export interface ProbeMaterial {
  readonly train: ProbedSet;
  readonly validation: ProbedSet;
  readonly classes: number;
}

/** A classifier that reads features. */
export interface Probe {
  /** Margins `[examples, outputs]`: of class 1 where there are two classes, else one for each class. */
  read(features: Matrix): Float64Array;
}

/** Every example counts as much as any other. */
export function equalShares(examples: number): Float64Array {
  return new Float64Array(examples).fill(1 / examples);
}
