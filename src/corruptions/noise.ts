import type { Draws } from '../augment/draws.js';
import { drawPoisson } from '../random/poisson.js';
import { clip, mapPixels, type Pixels } from './pixels.js';

/** Normal noise of this deviation on every number. */
export function addGaussian(image: Pixels, deviation: number, draws: Draws): Pixels {
  return mapPixels(image, (value) => clip(value + deviation * draws.normal()));
}

/** Light that arrives as quanta, of which white has `quanta` in the mean: Poisson's distribution. */
export function addShot(image: Pixels, quanta: number, draws: Draws): Pixels {
  const uniform = () => draws.uniform(0, 1);
  return mapPixels(image, (value) => clip(drawPoisson(uniform, value * quanta) / quanta));
}

/** Salt and pepper: this share of the numbers, those of a pixel one by one, is 0 or 1 instead. */
export function addImpulses(image: Pixels, share: number, draws: Draws): Pixels {
  return mapPixels(image, (value) => (draws.chance(share) ? Number(draws.chance(0.5)) : value));
}

/** Normal noise whose deviation is this share of the number. */
export function addSpeckle(image: Pixels, deviation: number, draws: Draws): Pixels {
  return mapPixels(image, (value) => clip(value + value * deviation * draws.normal()));
}
