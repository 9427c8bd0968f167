import { rotate, shearX, shearY, transform, translate } from './affine.js';
import { drawFilter } from './crop.js';
import type { Draws } from './draws.js';
import { changeBrightness, changeColour, changeContrast, changeSharpness } from './enhance.js';
import type { Raster } from './raster.js';
import type { Filter } from './resample.js';
import { autoContrast, equalize, invert, posterize, solarize, solarizeAdd } from './tones.js';

export interface RandAugmentOptions {
  /** Transforms per image, drawn with replacement. */
  readonly layers: number;
  /** How much each changes the image, 0 to 10: the mean of a normal distribution ... */
  readonly magnitude: number;
  /** ... of this deviation. */
  readonly deviation: number;
  /** Of each drawn transform that it is done. */
  readonly probability: number;
  readonly interpolation: Filter | 'random';
}

interface Setting {
  readonly filter: () => Filter;
  /** What stands where the image does not reach. */
  readonly fill: number;
  /** A number with a sign by chance. */
  readonly sign: (value: number) => number;
}

/** Strength is from 0 to 1. */
export type Transform = (image: Raster, strength: number, setting: Setting) => Raster;

/** 1 and further from it as strength grows, to either side, never below 0.1. */
const enhancement = (strength: number, { sign }: Setting) => Math.max(0.1, 1 + sign(0.9 * strength));

/** The fifteen transforms that become stronger with the magnitude: `inc1` of timm's names. */
export const transforms: Readonly<Record<string, Transform>> = {
  auto_contrast: (image) => autoContrast(image),
  equalize: (image) => equalize(image),
  invert: (image) => invert(image),
  rotate: (image, strength, { sign, filter, fill }) => rotate(image, sign(30 * strength), filter(), fill),
  posterize: (image, strength) => posterize(image, 4 - Math.trunc(4 * strength)),
  solarize: (image, strength) => solarize(image, 256 - Math.min(256, Math.trunc(256 * strength))),
  solarize_add: (image, strength) => solarizeAdd(image, Math.min(128, Math.trunc(110 * strength))),
  colour: (image, strength, setting) => changeColour(image, enhancement(strength, setting)),
  contrast: (image, strength, setting) => changeContrast(image, enhancement(strength, setting)),
  brightness: (image, strength, setting) => changeBrightness(image, enhancement(strength, setting)),
  sharpness: (image, strength, setting) => changeSharpness(image, enhancement(strength, setting)),
  shear_x: (image, strength, { sign, filter, fill }) =>
    transform(image, shearX(sign(0.3 * strength)), filter(), fill),
  shear_y: (image, strength, { sign, filter, fill }) =>
    transform(image, shearY(sign(0.3 * strength)), filter(), fill),
  translate_x: (image, strength, { sign, filter, fill }) =>
    transform(image, translate(sign(0.45 * strength) * image.width, 0), filter(), fill),
  translate_y: (image, strength, { sign, filter, fill }) =>
    transform(image, translate(0, sign(0.45 * strength) * image.height), filter(), fill),
};

const all = Object.values(transforms);

/** Does one of the transforms with a magnitude from 0 to 10; side and filter are drawn. */
export function applyTransform(
  change: Transform,
  image: Raster,
  magnitude: number,
  { interpolation, fill }: Pick<RandAugmentOptions, 'interpolation'> & { readonly fill: number },
  draws: Draws,
): Raster {
  return change(image, magnitude / 10, {
    fill,
    filter: () => drawFilter(interpolation, draws),
    sign: (value) => (draws.chance(0.5) ? -value : value),
  });
}

/**
 * RandAugment (Cubuk et al. 2020) as timm does it: `rand-m9-mstd0.5-inc1` is magnitude 9 and deviation 0.5. Each
 * transform is drawn with the others of its layer first, then whether, how much, to which side, and with which filter.
 */
export function randAugment(
  image: Raster,
  { layers, magnitude, deviation, probability, interpolation }: RandAugmentOptions,
  fill: number,
  draws: Draws,
): Raster {
  const chosen = Array.from({ length: layers }, () => all[draws.below(all.length)]!);
  return chosen.reduce((former, change) => {
    if (!draws.chance(probability)) return former;
    const drawn = deviation === 0 ? magnitude : magnitude + deviation * draws.normal();
    return applyTransform(change, former, Math.min(10, Math.max(0, drawn)), { interpolation, fill }, draws);
  }, image);
}

/** Brightness, contrast and colour in random order, each by a factor from 1 - strength (0 at least) to 1 + strength. */
export function jitter(image: Raster, strength: number, draws: Draws): Raster {
  const changes = [changeBrightness, changeContrast, changeColour];
  let changed = image;
  while (changes.length > 0) {
    const [change] = changes.splice(draws.below(changes.length), 1);
    changed = change!(changed, draws.uniform(Math.max(0, 1 - strength), 1 + strength));
  }
  return changed;
}
