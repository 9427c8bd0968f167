import { type Draws, drawFrom } from '../augment/draws.js';
import type { Raster } from '../augment/raster.js';
import type { CORRUPTIONS } from '../config/schema/sections/corruptions.js';
import { openKeys } from '../random/fast-stream.js';
import { blurDefocus, blurGaussian, blurGlass, blurMotion, blurZoom, reachOfDisk } from './blur.js';
import { changeBrightness, changeContrast, changeSaturation } from './colours.js';
import { type Constants, constants, type Scale } from './constants.js';
import { compressJpeg, pixelate } from './digital.js';
import { stretchElastic } from './elastic.js';
import { addFrost } from './frost.js';
import { addGaussian, addImpulses, addShot, addSpeckle } from './noise.js';
import { fromRaster, type Pixels, toRaster } from './pixels.js';
import { spatter } from './spatter.js';
import { addFog, addSnow } from './weather.js';

export type { Scale } from './constants.js';
export { readFrost } from './frost.js';

export type CorruptionKind = (typeof CORRUPTIONS)[number];

interface Setting {
  readonly draws: Draws;
  /** Photographs of frost. */
  readonly frost: readonly Raster[];
}

interface Corruption<Strength> {
  corrupt(image: Raster, strength: Strength, setting: Setting): Raster | Promise<Raster>;
  /** Pixels that the shorter side must have. */
  least?(strength: Strength): number;
}

/** Of images as numbers. */
const ofPixels =
  <Strength>(change: (image: Pixels, strength: Strength, setting: Setting) => Pixels) =>
  (image: Raster, strength: Strength, setting: Setting): Raster =>
    toRaster(change(fromRaster(image), strength, setting));

/** What draws. */
const drawn = <Strength>(
  change: (image: Pixels, strength: Strength, draws: Draws) => Pixels,
): Corruption<Strength> => ({
  corrupt: ofPixels((image, strength, { draws }) => change(image, strength, draws)),
});
const plain = <Strength>(change: (image: Pixels, strength: Strength) => Pixels): Corruption<Strength> => ({
  corrupt: ofPixels(change),
});

const corruptions: { readonly [Kind in CorruptionKind]: Corruption<Constants[Kind][number]> } = {
  gaussian_noise: drawn(addGaussian),
  shot_noise: drawn(addShot),
  impulse_noise: drawn(addImpulses),
  speckle_noise: drawn(addSpeckle),
  gaussian_blur: plain(blurGaussian),
  defocus_blur: { ...plain(blurDefocus), least: (disk) => reachOfDisk(disk) + 1 },
  glass_blur: { ...drawn(blurGlass), least: ({ reach }) => 2 * reach + 2 },
  motion_blur: drawn(blurMotion),
  zoom_blur: { ...plain(blurZoom), least: () => 2 },
  snow: drawn(addSnow),
  frost: { corrupt: ofPixels((image, weights, { draws, frost }) => addFrost(image, weights, frost, draws)) },
  fog: { ...drawn(addFog), least: () => 2 },
  brightness: plain(changeBrightness),
  contrast: plain(changeContrast),
  saturate: plain(changeSaturation),
  spatter: { ...drawn(spatter), least: () => 3 },
  elastic_transform: { ...drawn(stretchElastic), least: () => 3 },
  pixelate: { corrupt: pixelate, least: (share) => Math.ceil(1 / share) },
  jpeg_compression: { corrupt: compressJpeg },
};

export const corruptionNames = Object.keys(corruptions) as readonly CorruptionKind[];

/** The constants that images of this size are given: those of photographs where the shorter side is above 64 pixels. */
export function scaleOf(height: number, width: number): Scale {
  return Math.min(height, width) > 64 ? 'imagenet' : 'cifar';
}

/** Pixels that the shorter side of an image must have. */
export function leastSide(kind: CorruptionKind, severity: number, scale: Scale): number {
  const { least = () => 1 } = corruptions[kind] as Corruption<unknown>;
  return least(constants[scale][kind][severity - 1]);
}

export interface CorruptionOptions {
  readonly kind: CorruptionKind;
  /** 1 to 5. */
  readonly severity: number;
  readonly scale: Scale;
  readonly seed: number;
  /** Photographs of frost, larger than the images; needed for `frost` alone. */
  readonly frost?: readonly Raster[];
}

/**
 * A corruption of ImageNet-C: of an image of one, two or three channels and the number of its example. Bytes depend on
 * the options, the image and that number alone. An image of two channels counts as red and green, with no blue.
 */
export function createCorruption({
  kind,
  severity,
  scale,
  seed,
  frost = [],
}: CorruptionOptions): (image: Raster, example: number) => Promise<Raster> {
  const draws = drawFrom(openKeys(seed, 'corruption', kind, severity));
  const strength = constants[scale][kind][severity - 1];
  const { corrupt } = corruptions[kind] as Corruption<unknown>;
  return async (image, example) => {
    draws.place(example, 0);
    if (image.channels !== 2) return corrupt(image, strength, { draws, frost });
    return withChannels(await corrupt(withChannels(image, 3), strength, { draws, frost }), 2);
  };
}

/** The first channels, and zeros where there are too few. */
function withChannels(image: Raster, channels: number): Raster {
  const data = new Uint8Array(image.height * image.width * channels);
  for (let at = 0; at < data.length; at++) {
    const channel = at % channels;
    if (channel < image.channels)
      data[at] = image.data[Math.floor(at / channels) * image.channels + channel]!;
  }
  return { ...image, channels, data };
}
