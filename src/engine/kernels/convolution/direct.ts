import { type ConvInfo, groupFor, roundUp, type Strategy } from './strategy.js';

// As in tile.h.
const block = 16384;
const sums = 128;
const placesPerGroup = 128;

/** Any kernel and stride, as products whose rows are read from a padded copy of the image: convolve.c. */
export const direct: Strategy = {
  fits: () => true,
  forward(native, info, { x, filter, bias, out, flags }) {
    const depth = info.filterHeight * info.filterWidth * info.inChannels;
    const { height, width, floats } = imageFrame(info);
    const group = groupFor(info.batchSize, info.outHeight * info.outWidth, placesPerGroup);
    native.functions.convolve(
      x,
      filter,
      bias,
      out,
      ...sizes(info),
      height,
      width,
      group,
      flags,
      native.scratch(depth * roundUp(info.outChannels, 8) + Math.max(block, 4 * depth) + group * floats),
    );
  },
  filterGradient(native, info, { x, dy, out }) {
    const { height, width, floats } = imageFrame(info);
    const group = groupFor(info.batchSize, info.outHeight * info.outWidth, placesPerGroup);
    native.functions.convolve_filter_gradient(
      x,
      dy,
      out,
      ...sizes(info),
      height,
      width,
      group,
      native.scratch(sums * (roundUp(info.outChannels, 8) + 4) + group * floats),
    );
  },
  inputGradient(native, info, { dy, filter, out }) {
    const depth = info.filterHeight * info.filterWidth * info.outChannels;
    // dy is framed so that every place finds all its taps inside.
    const beforeY = Math.ceil(info.filterHeight / info.strideHeight) - 1;
    const beforeX = Math.ceil(info.filterWidth / info.strideWidth) - 1;
    const lastY = Math.floor((info.inHeight - 1 + info.padInfo.top) / info.strideHeight);
    const lastX = Math.floor((info.inWidth - 1 + info.padInfo.left) / info.strideWidth);
    const height = beforeY + Math.max(info.outHeight, lastY + 1);
    const width = beforeX + Math.max(info.outWidth, lastX + 1);
    const phase = (info.inHeight * info.inWidth) / (info.strideHeight * info.strideWidth);
    const group = groupFor(info.batchSize, phase, placesPerGroup);
    native.functions.convolve_input_gradient(
      dy,
      filter,
      out,
      ...sizes(info),
      beforeY,
      beforeX,
      height,
      width,
      group,
      native.scratch(
        depth * roundUp(info.inChannels, 8) +
          Math.max(block, 4 * depth) +
          group * height * width * info.outChannels,
      ),
    );
  },
};

/** The arguments that the functions of convolve.c share, in their order. */
function sizes(info: ConvInfo): number[] {
  return [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.outChannels,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
    info.outHeight,
    info.outWidth,
  ];
}

/** What the kernel reaches of a padded image, and no less than the image. */
function imageFrame(info: ConvInfo) {
  const { top, bottom, left, right } = info.padInfo;
  const reachY = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const reachX = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  const height = Math.max(info.inHeight + top + bottom, reachY);
  const width = Math.max(info.inWidth + left + right, reachX);
  return { height, width, floats: height * width * info.inChannels };
}
