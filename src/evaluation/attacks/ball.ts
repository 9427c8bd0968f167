import type { FastStream } from '../../random/fast-stream.js';

/** Images that an attack may use: those within a distance of the image itself, with numbers in [0, 1]. */
export interface Ball {
  readonly norm: 'linf' | 'l2';
  /** Largest difference of a number, or length of the difference. */
  readonly radius: number;
}

/** As PyTorch's attacks have it, so that nothing is divided by 0. */
const tiny = 1e-12;

export function lengthOf(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < numbers.length; at++) sum += numbers[at]! ** 2;
  return Math.sqrt(sum);
}

/** Moves a point to the ball around an image, in place: into it first, then into [0, 1], which leads no farther away. */
export function project({ norm, radius }: Ball, point: Float64Array, centre: Float32Array): void {
  if (norm === 'linf') {
    for (let at = 0; at < point.length; at++) {
      const c = centre[at]!;
      point[at] = toUnit(Math.min(Math.max(point[at]!, c - radius), c + radius));
    }
    return;
  }
  let sum = 0;
  for (let at = 0; at < point.length; at++) sum += (point[at]! - centre[at]!) ** 2;
  const length = Math.sqrt(sum);
  const factor = Math.min(radius, length) / (length + tiny);
  for (let at = 0; at < point.length; at++) {
    const c = centre[at]!;
    point[at] = toUnit(c + (point[at]! - c) * factor);
  }
}

/** Adds the steepest step of a length, as the norm measures it, to a point: along the gradient's signs, or along it. */
export function ascend({ norm }: Ball, point: Float64Array, gradient: Float32Array, length: number): void {
  if (norm === 'linf') {
    for (let at = 0; at < point.length; at++) point[at] = point[at]! + length * Math.sign(gradient[at]!);
    return;
  }
  const factor = length / (lengthOf(gradient) + tiny);
  for (let at = 0; at < point.length; at++) point[at] = point[at]! + factor * gradient[at]!;
}

/** How far an image is from another, as the norm measures it. */
export function distance({ norm }: Ball, image: ArrayLike<number>, other: ArrayLike<number>): number {
  let [largest, sum] = [0, 0];
  for (let at = 0; at < image.length; at++) {
    const difference = Math.abs(image[at]! - other[at]!);
    largest = Math.max(largest, difference);
    sum += difference ** 2;
  }
  return norm === 'linf' ? largest : Math.sqrt(sum);
}

/**
 * Adds a random difference to a point: `rim` has the ball's radius (in the largest number, for L-inf), as APGD begins;
 * else it is uniform in the ball, as PGD begins.
 */
export function addRandom(ball: Ball, point: Float64Array, draws: FastStream, rim: boolean): void {
  const { norm, radius } = ball;
  const drawn = Float64Array.from(point, () => (norm === 'linf' ? draws.uniform(-1, 1) : drawNormal(draws)));
  const whole =
    norm === 'linf' ? drawn.reduce((most, one) => Math.max(most, Math.abs(one)), 0) : lengthOf(drawn);
  const inner = norm === 'linf' ? whole : draws.uniform(0, 1) ** (1 / point.length);
  const factor = (radius * (rim ? 1 : inner)) / (whole + tiny);
  for (let at = 0; at < point.length; at++) point[at] = point[at]! + factor * drawn[at]!;
}

function drawNormal(draws: FastStream): number {
  const angle = draws.uniform(0, 2 * Math.PI);
  return Math.sqrt(-2 * Math.log(1 - draws.uniform(0, 1))) * Math.cos(angle);
}

function toUnit(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
