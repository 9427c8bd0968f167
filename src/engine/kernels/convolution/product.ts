import { multiplyMatrices } from '../mat-mul.js';
import type { ConvInfo, Strategy } from './strategy.js';

/** A matrix product of image and kernel as they lie: a kernel over the whole image, or over single pixels. */
export const product: Strategy = {
  fits(info) {
    const { top, bottom, left, right } = info.padInfo;
    const places = info.outHeight * info.outWidth;
    const taps = info.filterHeight * info.filterWidth;
    const pixels = info.inHeight * info.inWidth;
    const whole = places === 1 && taps === pixels;
    const pointwise = taps === 1 && places === pixels;
    return top + bottom + left + right === 0 && (whole || pointwise);
  },
  forward(native, info, { x, filter, bias, out, flags }) {
    const { m, n, k } = sizes(info);
    multiplyMatrices(native, { a: x, b: filter, out, sizes: [m, n, k], bias, flags });
  },
  filterGradient(native, info, { x, dy, out }) {
    const { m, n, k } = sizes(info);
    multiplyMatrices(native, { a: x, b: dy, out, sizes: [k, n, m], transposeA: true });
  },
  inputGradient(native, info, { dy, filter, out }) {
    const { m, n, k } = sizes(info);
    multiplyMatrices(native, { a: dy, b: filter, out, sizes: [m, k, n], transposeB: true });
  },
};

function sizes(info: ConvInfo) {
  return {
    m: info.batchSize * info.outHeight * info.outWidth,
    n: info.outChannels,
    k: info.filterHeight * info.filterWidth * info.inChannels,
  };
}
