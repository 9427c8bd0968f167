import { type Attempt, createFound, createSlope, type Found, keepFound, sizeOfImage } from './attacked.js';
import { addRandom, ascend, type Ball, project } from './ball.js';

/** How far the steps of PGD lead in all. */
const radii = 2.5;

/**
 * The fast gradient (sign) method (Goodfellow et al. 2015): one step of the ball's radius along the gradient of the
 * cross-entropy, its signs for L-inf.
 */
export async function fgsm(attempt: Attempt): Promise<Found> {
  const { attacked, clean, rows, ball } = attempt;
  const slope = createSlope(attacked);
  const images = clean.slice();
  await attacked.climb('ce', clean, rows, slope);
  moveAll(attempt, rows, images, slope.gradient, ball.radius);
  await attacked.climb('ce', images, rows, slope);
  const found = createFound(attacked, images);
  keepFound(found, attempt, images, slope);
  return found;
}

/**
 * Projected gradient ascent (Madry et al. 2018) on the cross-entropy, from a random point of the ball, with steps of 2.5
 * radii in all: any point of the ball can be reached from any other.
 */
export async function pgd(attempt: Attempt): Promise<Found> {
  const { attacked, clean, ball, steps } = attempt;
  const slope = createSlope(attacked);
  const images = drawStarts(attempt, false);
  const found = createFound(attacked, clean);
  let rows = attempt.rows;
  await attacked.climb('ce', images, rows, slope);
  rows = keepFound(found, { ...attempt, rows }, images, slope);
  const length = (radii / steps) * ball.radius;
  for (let step = 0; step < steps && rows.length > 0; step++) {
    moveAll(attempt, rows, images, slope.gradient, length);
    await attacked.climb('ce', images, rows, slope);
    rows = keepFound(found, { ...attempt, rows }, images, slope);
  }
  return found;
}

/** The images moved to random points of their balls. */
export function drawStarts(attempt: Attempt, rim: boolean): Float32Array {
  const { clean, rows, ball, draw } = attempt;
  const images = clean.slice();
  onEach(attempt, rows, images, (point, row) => addRandom(ball, point, draw(row, 0), rim));
  return images;
}

function moveAll(
  attempt: Attempt,
  rows: Uint32Array,
  images: Float32Array,
  gradient: Float32Array,
  length: number,
): void {
  const size = sizeOfImage(attempt.attacked);
  onEach(attempt, rows, images, (point, row) =>
    ascend(attempt.ball, point, gradient.subarray(row * size, (row + 1) * size), length),
  );
}

/** Moves images, each as one point, and back into their balls. */
function onEach(
  {
    attacked,
    clean,
    ball,
  }: { readonly attacked: Attempt['attacked']; readonly clean: Float32Array; readonly ball: Ball },
  rows: Uint32Array,
  images: Float32Array,
  move: (point: Float64Array, row: number) => void,
): void {
  const size = sizeOfImage(attacked);
  const point = new Float64Array(size);
  for (const row of rows) {
    const image = images.subarray(row * size, (row + 1) * size);
    point.set(image);
    move(point, row);
    project(ball, point, clean.subarray(row * size, (row + 1) * size));
    image.set(point);
  }
}
