import type { Draws } from '../augment/draws.js';
import type { Disk, Glass, Motion, Zoom } from './constants.js';
import { gather, moveAlong, smooth, type Tap, zoomIn } from './filters.js';
import { mapPixels, type Pixels, pixelsLike } from './pixels.js';

export function blurGaussian(image: Pixels, deviation: number): Pixels {
  return smooth(image, [deviation, deviation]);
}

/** A lens out of focus: every point becomes a disk with a smoothed rim. */
export function blurDefocus(image: Pixels, disk: Disk): Pixels {
  return gather(image, listTaps(disk), 'mirror-pixel');
}

/** Half the side of the kernel of a disk. */
export function reachOfDisk({ radius }: Disk): number {
  return radius <= 8 ? 8 : radius;
}

function listTaps({ radius, rim }: Disk): Tap[] {
  const reach = reachOfDisk({ radius, rim });
  const side = 2 * reach + 1;
  const kernel = pixelsLike({ height: side, width: side, channels: 1 });
  let inside = 0;
  for (let down = -reach; down <= reach; down++) {
    for (let across = -reach; across <= reach; across++) {
      if (down * down + across * across > radius * radius) continue;
      kernel.data[(down + reach) * side + across + reach] = 1;
      inside++;
    }
  }
  const smoothed = gather(kernel, smallGaussian(rim, radius <= 8 ? 1 : 2), 'mirror-pixel').data;
  return Array.from(smoothed, (value, at) => ({
    down: Math.floor(at / side) - reach,
    across: (at % side) - reach,
    weight: value / inside,
  })).filter(({ weight }) => weight > 0);
}

/** A Gaussian cut off after `reach` pixels, to the sum 1. */
function smallGaussian(deviation: number, reach: number): Tap[] {
  const weigh = (distance: number) => Math.exp((-distance * distance) / (2 * deviation * deviation));
  const places = Array.from({ length: 2 * reach + 1 }, (_, at) => at - reach);
  const total = places.reduce((sum, at) => sum + weigh(at), 0);
  return places.flatMap((down) =>
    places.map((across) => ({ down, across, weight: (weigh(down) * weigh(across)) / (total * total) })),
  );
}

/** A camera that moves by up to 45 degrees from the horizontal. */
export function blurMotion(image: Pixels, { radius, deviation }: Motion, draws: Draws): Pixels {
  return moveAlong(image, radius, deviation, draws.uniform(-45, 45));
}

/** A camera that moves towards what it sees: the mean of the image and of its enlargements. */
export function blurZoom(image: Pixels, { stop, step }: Zoom): Pixels {
  const count = Math.ceil((stop - 1) / step);
  const sum = { ...image, data: image.data.slice() };
  for (let at = 0; at < count; at++) {
    const layer = zoomIn(image, 1 + at * step).data;
    for (let i = 0; i < layer.length; i++) sum.data[i]! += layer[i]!;
  }
  return mapPixels(sum, (value) => value / (count + 1));
}

/**
 * Frosted glass: smoothed, pixels seen from others nearby, from below and right on, and smoothed again. Every pixel takes
 * the numbers of the one that it meets, which keeps its own: so are the published images of several channels, whose
 * program means to exchange the two.
 */
export function blurGlass(image: Pixels, { deviation, reach, rounds }: Glass, draws: Draws): Pixels {
  const { height, width, channels } = image;
  const smoothed = smooth(image, [deviation, deviation]);
  const bytes = mapPixels(smoothed, (value) => Math.floor(255 * value + 1e-6) / 255);
  const shift = () => draws.below(2 * reach) - reach;
  for (let round = 0; round < rounds; round++) {
    for (let row = height - reach; row > reach; row--) {
      for (let column = width - reach; column > reach; column--) {
        const [across, down] = [shift(), shift()];
        const to = (row * width + column) * channels;
        const from = to + (down * width + across) * channels;
        for (let channel = 0; channel < channels; channel++)
          bytes.data[to + channel] = bytes.data[from + channel]!;
      }
    }
  }
  return smooth(bytes, [deviation, deviation]);
}
