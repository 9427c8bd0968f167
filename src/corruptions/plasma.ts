import type { Draws } from '../augment/draws.js';

/**
 * Heights of a cloud, 0 to 1, `[side, side]` row-major, `side` a power of 2: diamonds and squares (Fournier et al. 1982)
 * on a torus. Every step halves the distance and divides the roughness by `decay`.
 */
export function drawPlasma(side: number, decay: number, draws: Draws): Float64Array {
  const heights = new Float64Array(side * side);
  const wrap = (at: number) => (at + side) % side;
  const height = (row: number, column: number) => heights[wrap(row) * side + wrap(column)]!;
  let roughness = 100;
  // As published, the roughness counts twice.
  const near = (sum: number) => sum / 4 + roughness * draws.uniform(-roughness, roughness);
  for (let step = side; step >= 2; step /= 2) {
    const half = step / 2;
    for (let row = 0; row < side; row += step) {
      for (let column = 0; column < side; column += step) {
        const corners =
          height(row, column) +
          height(row + step, column) +
          height(row, column + step) +
          height(row + step, column + step);
        heights[(row + half) * side + column + half] = near(corners);
      }
    }
    const fill = (top: number, left: number) => {
      for (let row = top; row < side; row += step) {
        for (let column = left; column < side; column += step) {
          const around =
            height(row - half, column) +
            height(row + half, column) +
            height(row, column - half) +
            height(row, column + half);
          heights[row * side + column] = near(around);
        }
      }
    };
    fill(0, half);
    fill(half, 0);
    roughness /= decay;
  }
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of heights) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return heights.map((value) => (most > least ? (value - least) / (most - least) : 0));
}
