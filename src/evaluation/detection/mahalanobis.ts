import { decompose } from '../../analysis/transfer/statistics/eigen.js';
import { type Matrix, multiply } from '../probes/matrix.js';
import type { Scorer, TrainReading } from './scores.js';

/** Directions of features with less of the largest variance count as constant: single precision knows no better. */
const leastShare = 1e-10;

/**
 * Minus the squared Mahalanobis distance of the features from the nearest class mean, under the covariance within classes
 * (Lee et al. 2018, arXiv 1807.03888), both of training. Directions that are constant within the classes are left out.
 */
export function fitMahalanobis({ features, labels }: TrainReading): Scorer {
  const { data, rows, columns } = features!;
  const classes = new Map<number, { readonly sum: Float64Array; count: number }>();
  for (let row = 0; row < rows; row++) {
    const own = classes.get(labels[row]!) ?? { sum: new Float64Array(columns), count: 0 };
    classes.set(labels[row]!, own);
    own.count++;
    for (let at = 0; at < columns; at++) own.sum[at]! += data[row * columns + at]!;
  }
  const means = new Map(
    [...classes].map(([label, { sum, count }]) => [label, sum.map((value) => value / count)]),
  );
  const centred = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const mean = means.get(labels[row]!)!;
    for (let at = 0; at < columns; at++) {
      centred[row * columns + at] = data[row * columns + at]! - mean[at]!;
    }
  }
  const whiten = whitener(secondMoments(centred, rows, columns), columns);
  const centres = [...means.values()].map((mean) =>
    whiten({ data: Float32Array.from(mean), rows: 1, columns }),
  );
  return ({ features: read }) => {
    const white = whiten(read!);
    const directions = white.length / Math.max(1, read!.rows);
    return Float64Array.from({ length: read!.rows }, (_, row) => {
      const own = white.subarray(row * directions, (row + 1) * directions);
      return -Math.min(...centres.map((centre) => distance(own, centre)));
    });
  };
}

/** Mean of the products of every two columns, `[columns, columns]`, row-major. */
export function secondMoments(data: Float64Array, rows: number, columns: number): Float64Array {
  const moments = new Float64Array(columns * columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let at = 0; at < columns; at++) {
      const value = data[start + at]! / rows;
      if (value === 0) continue;
      for (let to = at; to < columns; to++) moments[at * columns + to]! += value * data[start + to]!;
    }
  }
  for (let at = 0; at < columns; at++) {
    for (let to = 0; to < at; to++) moments[at * columns + to] = moments[to * columns + at]!;
  }
  return moments;
}

/** Turns features so that their covariance becomes that of independent numbers of variance 1. */
function whitener(covariance: Float64Array, columns: number): (features: Matrix) => Float64Array {
  const { values, vectors } = decompose(covariance, columns);
  const kept = values.filter((value) => value > leastShare * values[0]!).length;
  const factors = vectors
    .subarray(0, kept * columns)
    .map((entry, at) => entry / Math.sqrt(values[Math.floor(at / columns)]!));
  return (features) => {
    const white = new Float64Array(features.rows * kept);
    if (kept > 0) multiply(features, factors, white);
    return white;
  };
}

function distance(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at]! - other[at]!) ** 2;
  return sum;
}
