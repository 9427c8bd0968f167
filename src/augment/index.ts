import { type AugMixOptions, augMix } from './augmix.js';
import { type CropOptions, cropAndResize, mirror, shiftWithin } from './crop.js';
import { openDraws, type PlacedDraws } from './draws.js';
import { type EraseOptions, erase } from './erase.js';
import { type MixOptions, mix } from './mix.js';
import { jitter, type RandAugmentOptions, randAugment } from './rand-augment.js';
import { greyen, type Raster } from './raster.js';

/** What is done to training images; the section `training.augment` of a config. */
export interface AugmentOptions {
  readonly crop: CropOptions | null;
  /** Black pixels around an image, within which it is moved; 0: it stays. */
  readonly shift: number;
  /** Probability of a mirror image. */
  readonly flip: number;
  readonly rand_augment: RandAugmentOptions | null;
  readonly aug_mix?: AugMixOptions | undefined;
  readonly colour_jitter: number | null;
  /** Probability that an image loses its colours. */
  readonly grey?: number | undefined;
  readonly erase: EraseOptions | null;
  readonly mix: MixOptions | null;
  /** Byte that stands where a turned or moved image does not reach. */
  readonly fill: number;
}

export interface Augmentation {
  /**
   * Changes a batch of images `[count, height, width, channels]` in place: from numbers from 0 to 1 to what a model
   * gets, normalised. Returns the share of themselves that images keep, where they are mixed: image i with image
   * count - 1 - i. A function of the seed, the step and the images alone.
   */
  apply(images: Float32Array, step: number, normalise: (image: Float32Array) => void): number;
}

/** Of the draws of a step those that belong to the whole batch. */
const ofBatch = 0xffffffff;

/** @param shape Of one image: height, width, channels. */
export function createAugmentation(
  options: AugmentOptions,
  shape: readonly [number, number, number],
  seed: number,
): Augmentation {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  const draws = openDraws(seed);
  const { crop, shift, flip, rand_augment, aug_mix, colour_jitter, grey = 0 } = options;
  const isSomething = [crop, rand_augment, aug_mix ?? null, colour_jitter].some((one) => one !== null);
  const changesBytes = isSomething || shift > 0 || flip > 0 || grey > 0;
  const data = new Uint8Array(size);
  return {
    apply(images, step, normalise) {
      const count = images.length / size;
      for (let example = 0; example < count; example++) {
        draws.place(step, example);
        const image = images.subarray(example * size, (example + 1) * size);
        if (changesBytes) {
          for (let at = 0; at < size; at++) data[at] = Math.round(image[at]! * 255);
          const changed = changeRaster({ height, width, channels, data }, options, draws);
          for (let at = 0; at < size; at++) image[at] = changed.data[at]! / 255;
        }
        normalise(image);
        if (options.erase !== null) erase(image, shape, options.erase, draws);
      }
      if (options.mix === null) return 1;
      draws.place(step, ofBatch);
      return mix(images, [count, ...shape], options.mix, draws);
    },
  };
}

/** In the order of timm's training transforms. */
function changeRaster(image: Raster, options: AugmentOptions, draws: PlacedDraws): Raster {
  const { crop, shift, flip, rand_augment, aug_mix, colour_jitter, grey = 0, fill } = options;
  let changed = image;
  if (crop !== null) changed = cropAndResize(changed, crop, draws);
  if (shift > 0) changed = shiftWithin(changed, shift, draws);
  if (flip > 0 && draws.chance(flip)) changed = mirror(changed);
  if (rand_augment !== null) changed = randAugment(changed, rand_augment, fill, draws);
  if (aug_mix !== undefined) changed = augMix(changed, aug_mix, fill, draws);
  if (colour_jitter !== null) changed = jitter(changed, colour_jitter, draws);
  if (grey > 0 && draws.chance(grey)) changed = greyen(changed);
  return changed;
}
