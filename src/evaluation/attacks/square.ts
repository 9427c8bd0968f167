import type { FastStream } from '../../random/fast-stream.js';
import { type Attempt, createFound, createSlope, type Found, keepFound, sizeOfImage } from './attacked.js';
import { project } from './ball.js';
import { drawPlace, drawSign } from './square-draws.js';
import { beginWithTiles, moveWindow } from './square-windows.js';

/** Share of an image that the first squares have. */
const firstShare = 0.8;
/** Of 10,000 queries: when the share is halved. */
const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000] as const;

/** Share of the image that the square of a query has, where there are so many queries. */
export function squareShare(query: number, queries: number): number {
  const at = Math.floor((query / queries) * 10_000);
  return firstShare / 2 ** halvings.filter((halving) => at > halving).length;
}

/**
 * The Square Attack (Andriushchenko et al. 2020), which asks for answers and no gradients: changes random squares of an
 * image, and keeps what makes the margin of the true class smaller. L-inf: every channel of a square to a side of the
 * ball, from vertical stripes; L2: moves the difference of a square into another, from a grid of tiles.
 */
export async function square(attempt: Attempt): Promise<Found> {
  const { attacked, clean, ball, steps: queries, draw } = attempt;
  const { shape } = attacked;
  const size = sizeOfImage(attacked);
  const slope = createSlope({ ...attacked, shape: [0, 0, 0] });
  const best = clean.slice();
  const tried = clean.slice();
  const margins = new Float64Array(attacked.count).fill(Number.POSITIVE_INFINITY);
  const found = createFound(attacked, clean);
  const point = new Float64Array(size);
  let rows = attempt.rows;

  const ask = async (
    propose: (point: Float64Array, centre: Float32Array, draws: FastStream) => void,
    query: number,
  ) => {
    for (const row of rows) {
      const centre = clean.subarray(row * size, (row + 1) * size);
      point.set(best.subarray(row * size, (row + 1) * size));
      propose(point, centre, draw(row, query));
      project(ball, point, centre);
      tried.set(point, row * size);
    }
    await attacked.answer(tried, rows, slope);
    for (const row of rows) {
      slope.loss[row] = -slope.margin[row]!;
      if (slope.margin[row]! >= margins[row]!) continue;
      margins[row] = slope.margin[row]!;
      best.set(tried.subarray(row * size, (row + 1) * size), row * size);
    }
    rows = keepFound(found, { ...attempt, rows }, tried, slope);
  };

  const { radius } = ball;
  await ask((now, _, draws) => {
    if (ball.norm === 'linf') beginWithStripes(now, shape, radius, draws);
    else beginWithTiles(now, shape, radius, draws);
  }, 0);
  for (let query = 0; query < queries && rows.length > 0; query++) {
    const share = squareShare(query, queries);
    await ask((now, centre, draws) => {
      if (ball.norm === 'linf') colourSquare(now, shape, radius, share, draws);
      else moveWindow(now, centre, shape, radius, share, draws);
    }, query + 1);
  }
  return found;
}

type Shape = readonly [height: number, width: number, channels: number];

function beginWithStripes(
  point: Float64Array,
  [height, width, channels]: Shape,
  radius: number,
  draws: FastStream,
): void {
  for (let stripe = 0; stripe < width * channels; stripe++) {
    const change = drawSign(draws) * radius;
    for (let y = 0; y < height; y++) {
      const at = y * width * channels + stripe;
      point[at] = point[at]! + change;
    }
  }
}

/** From one side of the ball to the other at most, which twice the radius does from anywhere. */
function colourSquare(
  point: Float64Array,
  [height, width, channels]: Shape,
  radius: number,
  share: number,
  draws: FastStream,
): void {
  const side = Math.min(Math.max(Math.round(Math.sqrt(share * height * width)), 1), height, width);
  const top = drawPlace(draws, height - side);
  const left = drawPlace(draws, width - side);
  for (let channel = 0; channel < channels; channel++) {
    const change = drawSign(draws) * 2 * radius;
    for (let y = top; y < top + side; y++) {
      for (let x = left; x < left + side; x++) {
        const at = (y * width + x) * channels + channel;
        point[at] = point[at]! + change;
      }
    }
  }
}
