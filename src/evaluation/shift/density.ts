import { fillNormal } from '../../random/draw.js';
import { drawBelow, type Stream } from '../../random/stream.js';
import { factorize } from '../probes/cholesky.js';

/** Rows of `width` numbers each, row-major. */
export interface Points {
  readonly data: Float64Array;
  readonly width: number;
}

export interface Density {
  /** The density at each of the points. */
  at(points: Points): Float64Array;
  /** So many points, drawn from it. */
  draw(source: Stream, count: number): Points;
}

export function countPoints({ data, width }: Points): number {
  return data.length / width;
}

/**
 * Kernel density estimate with one Gaussian for each point, of their covariance (n − 1) times Scott's factor n^(−1/(d + 4))
 * squared: `scipy.stats.gaussian_kde` as it comes. Throws RangeError where the points do not span the space.
 */
export function estimateDensity(points: Points): Density {
  const { data, width } = points;
  const n = countPoints(points);
  if (n <= width) throw new RangeError(`${n} points do not span ${width} dimensions`);
  const factor = factorize(covarianceOf(points), width);
  const scott = n ** (-1 / (width + 4));
  for (let at = 0; at < factor.length; at++) factor[at]! *= scott;
  const own = whiten(factor, points);
  let logDeterminant = 0;
  for (let at = 0; at < width; at++) logDeterminant += Math.log(factor[at * width + at]!);
  const scale = Math.exp(-logDeterminant - (width / 2) * Math.log(2 * Math.PI)) / n;
  return {
    at(others) {
      const at = whiten(factor, others);
      return Float64Array.from({ length: countPoints(others) }, (_, row) => {
        let sum = 0;
        for (let from = 0; from < own.length; from += width) {
          let distance = 0;
          for (let column = 0; column < width; column++) {
            const difference = at[row * width + column]! - own[from + column]!;
            distance += difference * difference;
          }
          sum += Math.exp(-distance / 2);
        }
        return scale * sum;
      });
    },
    draw(source, count) {
      const drawn = new Float64Array(count * width);
      const noise = new Float32Array(width);
      for (let row = 0; row < count; row++) {
        const from = drawBelow(source, n) * width;
        fillNormal(source, noise);
        for (let column = 0; column < width; column++) {
          let value = data[from + column]!;
          for (let by = 0; by <= column; by++) value += factor[column * width + by]! * noise[by]!;
          drawn[row * width + column] = value;
        }
      }
      return { data: drawn, width };
    },
  };
}

function covarianceOf({ data, width }: Points): Float64Array {
  const n = data.length / width;
  const means = new Float64Array(width);
  for (let at = 0; at < data.length; at++) means[at % width]! += data[at]! / n;
  const covariance = new Float64Array(width * width);
  for (let from = 0; from < data.length; from += width) {
    for (let row = 0; row < width; row++) {
      const own = (data[from + row]! - means[row]!) / (n - 1);
      for (let column = 0; column <= row; column++)
        covariance[row * width + column]! += own * (data[from + column]! - means[column]!);
    }
  }
  return covariance;
}

/** L⁻¹ x of every point. */
function whiten(factor: Float64Array, { data, width }: Points): Float64Array {
  const white = new Float64Array(data.length);
  for (let from = 0; from < data.length; from += width) {
    for (let row = 0; row < width; row++) {
      let sum = data[from + row]!;
      for (let by = 0; by < row; by++) sum -= factor[row * width + by]! * white[from + by]!;
      white[from + row] = sum / factor[row * width + row]!;
    }
  }
  return white;
}
