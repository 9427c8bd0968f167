import type { FastStream } from '../../random/fast-stream.js';
import { lengthOf } from './ball.js';
import { drawPlace, drawSign } from './square-draws.js';

type Shape = readonly [height: number, width: number, channels: number];

const tiny = 1e-12;
const tiles = 5;

/** A difference of the ball's radius: a bump of random sign on every tile of a 5 x 5 grid, in every channel. */
export function beginWithTiles(point: Float64Array, shape: Shape, radius: number, draws: FastStream): void {
  const [height, width, channels] = shape;
  const side = Math.max(Math.floor(Math.min(height, width) / tiles), 1);
  const difference = new Float64Array(point.length);
  for (let top = 0; top + side <= height; top += side) {
    for (let left = 0; left + side <= width; left += side) {
      const bump = makeBump(side, draws);
      for (let channel = 0; channel < channels; channel++) {
        const sign = drawSign(draws);
        const window = { top, left, side, channel };
        bump.forEach((value, at) => {
          difference[placeIn(shape, window, at)] = sign * value;
        });
      }
    }
  }
  const factor = radius / (lengthOf(difference) + tiny);
  for (let at = 0; at < point.length; at++) point[at] = point[at]! + factor * difference[at]!;
}

/**
 * Takes what the difference from the image has in one window away, and gives its length, with what the ball still allows,
 * to another window: in the direction that it has there, and of a bump of random sign.
 */
export function moveWindow(
  point: Float64Array,
  centre: Float32Array,
  shape: Shape,
  radius: number,
  share: number,
  draws: FastStream,
): void {
  const [height, width, channels] = shape;
  const side = oddSide(share, height, width);
  const place = () => ({ top: drawPlace(draws, height - side), left: drawPlace(draws, width - side), side });
  const [to, from] = [place(), place()];
  const difference = Float64Array.from(point, (value, at) => value - centre[at]!);
  const whole = lengthOf(difference) ** 2;
  const within = new Set<number>();
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < side * side; at++) {
      within.add(placeIn(shape, { ...to, channel }, at)).add(placeIn(shape, { ...from, channel }, at));
    }
  }
  const both = [...within].reduce((sum, at) => sum + difference[at]! ** 2, 0);
  const length = Math.sqrt(Math.max(radius ** 2 - whole, 0) / channels + both);
  const bump = makeBump(side, draws);
  const moved = Array.from({ length: channels }, (_, channel) => {
    const sign = drawSign(draws);
    const old = bump.map((_, at) => difference[placeIn(shape, { ...to, channel }, at)]!);
    const oldLength = lengthOf(old) + tiny;
    const next = bump.map((value, at) => sign * value + old[at]! / oldLength);
    const factor = length / (lengthOf(next) + tiny);
    return next.map((value) => factor * value);
  });
  for (const [channel, next] of moved.entries()) {
    for (let at = 0; at < next.length; at++) difference[placeIn(shape, { ...from, channel }, at)] = 0;
    next.forEach((value, at) => {
      difference[placeIn(shape, { ...to, channel }, at)] = value;
    });
  }
  const factor = radius / (lengthOf(difference) + tiny);
  for (let at = 0; at < point.length; at++) point[at] = centre[at]! + factor * difference[at]!;
}

/** At least 3, where the image has room, and odd. */
function oddSide(share: number, height: number, width: number): number {
  const side = Math.max(Math.round(Math.sqrt(share * height * width)), 3);
  const most = Math.min(height, width);
  return Math.min(side % 2 === 0 ? side + 1 : side, most);
}

interface Window {
  readonly top: number;
  readonly left: number;
  readonly side: number;
  readonly channel: number;
}

/** Where the number of a window, row by row, stands in an image. */
function placeIn([, width, channels]: Shape, { top, left, side, channel }: Window, at: number): number {
  const [y, x] = [top + Math.floor(at / side), left + (at % side)];
  return (y * width + x) * channels + channel;
}

/** `[side, side]` of length 1: a pyramid above one below, or turned by a right angle. */
function makeBump(side: number, draws: FastStream): Float64Array {
  const upper = makePyramid(Math.floor(side / 2), side);
  const lower = makePyramid(side - Math.floor(side / 2), side);
  const bump = Float64Array.from([...upper, ...lower.map((value) => -value)]);
  const length = lengthOf(bump);
  const isTurned = draws.uniform(0, 1) > 0.5;
  return bump.map((_, at) => {
    const [y, x] = [Math.floor(at / side), at % side];
    return bump[isTurned ? x * side + y : at]! / length;
  });
}

/** `[height, width]` of length 1: rectangles around the middle, the n-th of them 1 / n² high, laid on each other. */
function makePyramid(height: number, width: number): Float64Array {
  const pyramid = new Float64Array(height * width);
  const [middleY, middleX] = [Math.floor(height / 2), Math.floor(width / 2)];
  for (let ring = 0; ring < Math.max(middleY, middleX) + 1; ring++) {
    for (let y = Math.max(middleY - ring, 0); y < Math.min(middleY + ring + 1, height); y++) {
      for (let x = Math.max(middleX - ring, 0); x < Math.min(middleX + ring + 1, width); x++) {
        pyramid[y * width + x]! += 1 / (ring + 1) ** 2;
      }
    }
  }
  const length = lengthOf(pyramid) + tiny;
  return pyramid.map((value) => value / length);
}
