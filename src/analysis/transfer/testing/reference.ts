import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../core/files/paths.js';

type Rows = readonly (readonly number[])[];

/** Numbers of scripts/golden/transfer.py. */
export interface Reference {
  readonly normal: { readonly z: readonly number[]; readonly cdf: readonly number[] };
  readonly f: readonly { readonly case: readonly [number, number, number]; readonly p: number }[];
  readonly quantiles: { readonly values: readonly number[]; readonly at: readonly number[] };
  readonly factors: Readonly<Record<'data' | 'varimax' | 'promax' | 'phi', Rows>> &
    Readonly<Record<'eigenvalues' | 'communalities', readonly number[]>>;
  readonly chance: { readonly size: number; readonly rows: number; readonly at: readonly number[] };
  readonly ward: { readonly points: Rows; readonly merges: Rows };
  readonly predictors: {
    readonly x: Rows;
    readonly y: readonly number[];
    readonly task: readonly number[];
    readonly r2: number;
  };
  readonly anova: Readonly<Record<'a' | 'b' | 'y' | 'ss' | 'f' | 'p', readonly number[]>> & {
    readonly residual: number;
  };
  readonly aline: Readonly<
    Record<'id' | 'ood', { readonly truth: readonly number[]; readonly answers: Rows }>
  > & {
    readonly slope: number;
    readonly intercept: number;
    readonly s: readonly number[];
    readonly d: readonly number[];
  };
}

export function readReference(): Reference {
  const path = join(projectRoot(), 'src/analysis/transfer/testing/reference.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Reference;
}

/** Whether each number is as near to that of the other list as rounding explains. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);
}
