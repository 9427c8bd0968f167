import type { CORRUPTION_SCALES } from '../config/schema/sections/corruptions.js';

export type Scale = (typeof CORRUPTION_SCALES)[number];
/** Of severity 1 to 5. */
type Five<Value> = readonly [Value, Value, Value, Value, Value];

export interface Disk {
  readonly radius: number;
  /** Deviation by which its rim is smoothed. */
  readonly rim: number;
}
export interface Glass {
  readonly deviation: number;
  /** Pixels that one moves at most. */
  readonly reach: number;
  readonly rounds: number;
}
export interface Motion {
  readonly radius: number;
  readonly deviation: number;
}
export interface Zoom {
  /** Factors from 1 by `step`, as many as numpy's `arange` has. */
  readonly stop: number;
  readonly step: number;
}
export interface Snow {
  readonly mean: number;
  readonly deviation: number;
  /** Enlarges the flakes. */
  readonly zoom: number;
  /** What is darker is no flake. */
  readonly threshold: number;
  /** How the flakes are smeared, as by a camera that moves. */
  readonly fallRadius: number;
  readonly fallDeviation: number;
  /** Share of the image that stays as it is. */
  readonly keep: number;
}
export interface Frost {
  /** Weights of the image and of the frost. */
  readonly image: number;
  readonly frost: number;
}
export interface Fog {
  readonly strength: number;
  /** What the roughness is divided by at half the distance. */
  readonly decay: number;
}
export interface Saturation {
  readonly factor: number;
  readonly added: number;
}
export interface Spatter {
  readonly mean: number;
  readonly deviation: number;
  readonly blur: number;
  /** What is less is dry. */
  readonly threshold: number;
  /** Of water how bright it is, of mud how its edges are smoothed. */
  readonly strength: number;
  /** 1: mud; 0: water. */
  readonly mud: number;
}
/** Lengths are in multiples of the image's size. */
export interface Elastic {
  readonly amplitude: number;
  readonly deviation: number;
  /** How far the corners of the triangle that turns the image move at most. */
  readonly affine: number;
}

export interface Constants {
  readonly gaussian_noise: Five<number>;
  readonly shot_noise: Five<number>;
  readonly impulse_noise: Five<number>;
  readonly speckle_noise: Five<number>;
  readonly gaussian_blur: Five<number>;
  readonly defocus_blur: Five<Disk>;
  readonly glass_blur: Five<Glass>;
  readonly motion_blur: Five<Motion>;
  readonly zoom_blur: Five<Zoom>;
  readonly snow: Five<Snow>;
  readonly frost: Five<Frost>;
  readonly fog: Five<Fog>;
  readonly brightness: Five<number>;
  readonly contrast: Five<number>;
  readonly saturate: Five<Saturation>;
  readonly spatter: Five<Spatter>;
  readonly elastic_transform: Five<Elastic>;
  readonly pixelate: Five<number>;
  readonly jpeg_compression: Five<number>;
}

/** Of columns, one after the other, what each severity has of each. */
function five<Columns extends Readonly<Record<string, Five<number>>>>(
  columns: Columns,
): Five<{ readonly [Name in keyof Columns]: number }> {
  const of = (at: number) =>
    Object.fromEntries(Object.entries(columns).map(([name, all]) => [name, all[at]]));
  return [0, 1, 2, 3, 4].map(of) as unknown as Five<{ readonly [Name in keyof Columns]: number }>;
}

/**
 * Constants of ImageNet-C and CIFAR-10-C (Hendrycks and Dietterich 2019, arXiv 1903.12261), as bethgelab/imagecorruptions
 * and hendrycks/robustness have them, both Apache-2.0.
 */
export const constants: Readonly<Record<Scale, Constants>> = {
  imagenet: {
    gaussian_noise: [0.08, 0.12, 0.18, 0.26, 0.38],
    shot_noise: [60, 25, 12, 5, 3],
    impulse_noise: [0.03, 0.06, 0.09, 0.17, 0.27],
    speckle_noise: [0.15, 0.2, 0.35, 0.45, 0.6],
    gaussian_blur: [1, 2, 3, 4, 6],
    defocus_blur: five({ radius: [3, 4, 6, 8, 10], rim: [0.1, 0.5, 0.5, 0.5, 0.5] }),
    glass_blur: five({ deviation: [0.7, 0.9, 1, 1.1, 1.5], reach: [1, 2, 2, 3, 4], rounds: [2, 1, 3, 2, 2] }),
    motion_blur: five({ radius: [10, 15, 15, 15, 20], deviation: [3, 5, 8, 12, 15] }),
    zoom_blur: five({ stop: [1.11, 1.16, 1.21, 1.26, 1.31], step: [0.01, 0.01, 0.02, 0.02, 0.03] }),
    snow: five({
      mean: [0.1, 0.2, 0.55, 0.55, 0.55],
      deviation: [0.3, 0.3, 0.3, 0.3, 0.3],
      zoom: [3, 2, 4, 4.5, 2.5],
      threshold: [0.5, 0.5, 0.9, 0.85, 0.85],
      fallRadius: [10, 12, 12, 12, 12],
      fallDeviation: [4, 4, 8, 8, 12],
      keep: [0.8, 0.7, 0.7, 0.65, 0.55],
    }),
    frost: five({ image: [1, 0.8, 0.7, 0.65, 0.6], frost: [0.4, 0.6, 0.7, 0.7, 0.75] }),
    fog: five({ strength: [1.5, 2, 2.5, 2.5, 3], decay: [2, 2, 1.7, 1.5, 1.4] }),
    brightness: [0.1, 0.2, 0.3, 0.4, 0.5],
    contrast: [0.4, 0.3, 0.2, 0.1, 0.05],
    saturate: five({ factor: [0.3, 0.1, 2, 5, 20], added: [0, 0, 0, 0.1, 0.2] }),
    spatter: five({
      mean: [0.65, 0.65, 0.65, 0.65, 0.67],
      deviation: [0.3, 0.3, 0.3, 0.3, 0.4],
      blur: [4, 3, 2, 1, 1],
      threshold: [0.69, 0.68, 0.68, 0.65, 0.65],
      strength: [0.6, 0.6, 0.5, 1.5, 1.5],
      mud: [0, 0, 0, 1, 1],
    }),
    // Displacements of at most 0.005 of the size, smoothed, times 250 (0.05, 0.065, 0.085, 0.1, 0.12).
    elastic_transform: five({
      amplitude: [0.0625, 0.08125, 0.10625, 0.125, 0.15],
      deviation: [0.01, 0.01, 0.01, 0.01, 0.01],
      affine: [0, 0, 0, 0, 0],
    }),
    pixelate: [0.6, 0.5, 0.4, 0.3, 0.25],
    jpeg_compression: [25, 18, 15, 10, 7],
  },
  cifar: {
    gaussian_noise: [0.04, 0.06, 0.08, 0.09, 0.1],
    shot_noise: [500, 250, 100, 75, 50],
    impulse_noise: [0.01, 0.02, 0.03, 0.05, 0.07],
    speckle_noise: [0.06, 0.1, 0.12, 0.16, 0.2],
    gaussian_blur: [0.4, 0.6, 0.7, 0.8, 1],
    defocus_blur: five({ radius: [0.3, 0.4, 0.5, 1, 1.5], rim: [0.4, 0.5, 0.6, 0.2, 0.1] }),
    glass_blur: five({
      deviation: [0.05, 0.25, 0.4, 0.25, 0.4],
      reach: [1, 1, 1, 1, 1],
      rounds: [1, 1, 1, 2, 2],
    }),
    motion_blur: five({ radius: [6, 6, 6, 8, 9], deviation: [1, 1.5, 2, 2, 2.5] }),
    zoom_blur: five({ stop: [1.06, 1.11, 1.16, 1.21, 1.26], step: [0.01, 0.01, 0.01, 0.01, 0.01] }),
    snow: five({
      mean: [0.1, 0.1, 0.15, 0.25, 0.3],
      deviation: [0.2, 0.2, 0.3, 0.3, 0.3],
      zoom: [1, 1, 1.75, 2.25, 1.25],
      threshold: [0.6, 0.5, 0.55, 0.6, 0.65],
      fallRadius: [8, 10, 10, 12, 14],
      fallDeviation: [3, 4, 4, 6, 12],
      keep: [0.95, 0.9, 0.9, 0.85, 0.8],
    }),
    frost: five({ image: [1, 1, 0.9, 0.85, 0.75], frost: [0.2, 0.3, 0.4, 0.4, 0.45] }),
    fog: five({ strength: [0.2, 0.5, 0.75, 1, 1.5], decay: [3, 3, 2.5, 2, 1.75] }),
    brightness: [0.05, 0.1, 0.15, 0.2, 0.3],
    contrast: [0.75, 0.5, 0.4, 0.3, 0.15],
    saturate: five({ factor: [0.3, 0.1, 1.5, 2, 2.5], added: [0, 0, 0, 0.1, 0.2] }),
    spatter: five({
      mean: [0.62, 0.65, 0.65, 0.65, 0.65],
      deviation: [0.1, 0.1, 0.3, 0.1, 0.1],
      blur: [0.7, 0.8, 1, 0.7, 0.5],
      threshold: [0.7, 0.7, 0.69, 0.69, 0.68],
      strength: [0.5, 0.5, 0.5, 0.6, 0.6],
      mud: [0, 0, 0, 1, 1],
    }),
    elastic_transform: five({
      amplitude: [0, 0.05, 0.08, 0.1, 0.1],
      deviation: [0, 0.2, 0.06, 0.04, 0.03],
      affine: [0.08, 0.07, 0.06, 0.05, 0.03],
    }),
    pixelate: [0.95, 0.9, 0.85, 0.75, 0.65],
    jpeg_compression: [80, 65, 58, 50, 40],
  },
};
