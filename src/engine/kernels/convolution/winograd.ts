import { type ConvInfo, groupFor, roundUp, type Strategy } from './strategy.js';

// As in winograd.c and tile.h.
const products = 9;
const tiles = 64;
const packed = 36864;
const chunk = 16;
const sums = 128;
const tilesPerGroup = 128;

/** 4x4 kernels with stride 2, by minimal filtering: 9 products where others need 16 (winograd.c). */
export const winograd: Strategy = {
  fits: (info) =>
    info.filterHeight === 4 &&
    info.filterWidth === 4 &&
    info.strideHeight === 2 &&
    info.strideWidth === 2 &&
    isEnough(info.inChannels) &&
    isEnough(info.outChannels),
  forward(native, info, { x, filter, bias, out, flags }) {
    const depth = 4 * info.inChannels;
    const { height, width, group, floats } = imageFrame(info);
    native.functions.winograd_convolve(
      x,
      filter,
      bias,
      out,
      ...sizes(info),
      height,
      width,
      group,
      flags,
      native.scratch(filterScratch(depth, info.outChannels) + group * floats),
    );
  },
  filterGradient(native, info, { x, dy, out }) {
    const depth = 4 * info.inChannels;
    const { height, width, group, floats } = imageFrame(info);
    native.functions.winograd_filter_gradient(
      x,
      dy,
      out,
      ...sizes(info),
      height,
      width,
      group,
      native.scratch(
        products * (depth * info.outChannels + sums * (roundUp(info.outChannels, 8) + chunk)) +
          group * floats,
      ),
    );
  },
  inputGradient(native, info, { dy, filter, out }) {
    const lastY = Math.floor((info.inHeight - 1 + info.padInfo.top) / 2);
    const lastX = Math.floor((info.inWidth - 1 + info.padInfo.left) / 2);
    const height = Math.max(info.outHeight + 1, lastY + 3);
    const width = Math.max(info.outWidth + 1, lastX + 3);
    const phaseTiles = Math.ceil(info.inHeight / 4) * Math.ceil(info.inWidth / 4);
    const group = groupFor(info.batchSize, phaseTiles, tilesPerGroup);
    native.functions.winograd_input_gradient(
      dy,
      filter,
      out,
      ...sizes(info),
      height,
      width,
      group,
      native.scratch(
        4 * filterScratch(info.outChannels, info.inChannels) + group * height * width * info.outChannels,
      ),
    );
  },
};

/** Fewer channels than this do not pay for the transformations, which take four at a time. */
function isEnough(channels: number): boolean {
  return channels >= 8 && channels % 4 === 0;
}

/** Kernels, patches and products of one convolution of `depth` by `columns`. */
function filterScratch(depth: number, columns: number): number {
  return (
    products * depth * roundUp(columns, 8) +
    Math.max(packed, products * 4 * depth) +
    Math.max(products * tiles * columns, 32 * depth)
  );
}

/** The arguments that the functions of winograd.c share, in their order. */
function sizes(info: ConvInfo): number[] {
  return [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outChannels,
    info.padInfo.top,
    info.padInfo.left,
    info.outHeight,
    info.outWidth,
  ];
}

/** The padded image, as far as its last tile of 2x2 outputs reaches, and no less than the image. */
function imageFrame(info: ConvInfo) {
  const { top, left } = info.padInfo;
  const tileRows = Math.ceil(info.outHeight / 2);
  const tileColumns = Math.ceil(info.outWidth / 2);
  const height = Math.max(info.inHeight + top, 4 * tileRows + 2);
  const width = Math.max(info.inWidth + left, 4 * tileColumns + 2);
  const group = groupFor(info.batchSize, tileRows * tileColumns, tilesPerGroup);
  return { height, width, group, floats: height * width * info.inChannels };
}
