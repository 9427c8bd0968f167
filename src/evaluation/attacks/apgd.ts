import { isHalved, listCheckpoints } from './apgd-schedule.js';
import {
  type AttackLoss,
  type Attempt,
  createFound,
  createSlope,
  type Found,
  keepFound,
  sizeOfImage,
} from './attacked.js';
import { ascend, project } from './ball.js';
import { drawStarts } from './pgd.js';

/** How much of a step is the gradient's; the rest goes on as the step before. */
const share = 0.75;

/**
 * Auto-PGD (Croce & Hein 2020): ascent with momentum whose steps, at first twice the ball's radius, are halved for every
 * example at checkpoints where they have led too little upwards; such an example goes back to its best point.
 *
 * @param start Images within their balls; random ones on the rim unless given.
 * @returns What was found, with the length of every example's steps at the end.
 */
export async function apgd(
  attempt: Attempt,
  loss: AttackLoss,
  start = drawStarts(attempt, true),
): Promise<Found & { readonly lengths: Float64Array }> {
  const { attacked, clean, ball, steps } = attempt;
  const { count } = attacked;
  const size = sizeOfImage(attacked);
  const slope = createSlope(attacked);
  const { gradient } = slope;
  const found = createFound(attacked, clean);
  const [images, former, best] = [start.slice(), start.slice(), start.slice()];
  const lengths = new Float64Array(count).fill(2 * ball.radius);
  const rises = new Uint32Array(count);
  const halved = new Uint8Array(count).fill(1);
  const checkpoints = listCheckpoints(steps);
  const of = (all: Float32Array, row: number) => all.subarray(row * size, (row + 1) * size);

  let rows = attempt.rows;
  await attacked.climb(loss, images, rows, slope);
  rows = keepFound(found, { ...attempt, rows }, images, slope);
  const bestGradient = gradient.slice();
  const bestLoss = slope.loss.slice();
  const checkedLoss = slope.loss.slice();
  let last = slope.loss.slice();
  const point = new Float64Array(size);
  const [target, momentum] = [new Float64Array(size), new Float64Array(size)];
  let checked = 0;

  for (let step = 1; step <= steps && rows.length > 0; step++) {
    const own = step === 1 ? 1 : share;
    for (const row of rows) {
      const [image, centre, old] = [of(images, row), of(clean, row), of(former, row)];
      target.set(image);
      ascend(ball, target, of(gradient, row), lengths[row]!);
      project(ball, target, centre);
      for (let at = 0; at < size; at++) {
        momentum[at] = image[at]! - old[at]!;
        point[at] = image[at]! + own * (target[at]! - image[at]!) + (1 - own) * momentum[at]!;
      }
      project(ball, point, centre);
      old.set(image);
      image.set(point);
    }
    await attacked.climb(loss, images, rows, slope);
    for (const row of rows) {
      if (slope.loss[row]! > last[row]!) rises[row]! += 1;
      if (slope.loss[row]! <= bestLoss[row]!) continue;
      bestLoss[row] = slope.loss[row]!;
      of(best, row).set(of(images, row));
      of(bestGradient, row).set(of(gradient, row));
    }
    last = slope.loss.slice();
    rows = keepFound(found, { ...attempt, rows }, images, slope);
    if (!checkpoints.includes(step)) continue;
    for (const row of rows) {
      const isNow = isHalved({
        rises: rises[row]!,
        steps: step - checked,
        best: bestLoss[row]!,
        formerBest: checkedLoss[row]!,
        wasHalved: halved[row] === 1,
      });
      halved[row] = isNow ? 1 : 0;
      checkedLoss[row] = bestLoss[row]!;
      rises[row] = 0;
      if (!isNow) continue;
      lengths[row]! /= 2;
      of(images, row).set(of(best, row));
      of(gradient, row).set(of(bestGradient, row));
    }
    checked = step;
  }
  return { ...found, lengths };
}
