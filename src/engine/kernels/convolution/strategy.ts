import type { backend_util } from '@tensorflow/tfjs-core';
import type { Native } from '../native/native.js';

export type ConvInfo = backend_util.Conv2DInfo;

/** Addresses of one convolution's arrays; `bias` is 0 without one. */
export interface ForwardAddresses {
  readonly x: number;
  readonly filter: number;
  readonly bias: number;
  readonly out: number;
  readonly flags: number;
}

export interface FilterGradientAddresses {
  readonly x: number;
  readonly dy: number;
  readonly out: number;
}

export interface InputGradientAddresses {
  readonly dy: number;
  readonly filter: number;
  readonly out: number;
}

/** One way to compute a convolution without dilation and both its gradients. */
export interface Strategy {
  fits(info: ConvInfo): boolean;
  forward(native: Native, info: ConvInfo, addresses: ForwardAddresses): void;
  filterGradient(native: Native, info: ConvInfo, addresses: FilterGradientAddresses): void;
  inputGradient(native: Native, info: ConvInfo, addresses: InputGradientAddresses): void;
}

export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** How many images share one padded frame, so that small images, too, fill the blocks of the product. */
export function groupFor(batchSize: number, placesPerImage: number, places: number): number {
  return Math.min(batchSize, Math.ceil(places / placesPerImage));
}
