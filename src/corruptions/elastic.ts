import type { Draws } from '../augment/draws.js';
import type { Elastic } from './constants.js';
import { sampleAt, smooth } from './filters.js';
import { clip, mapPixels, type Pixels, pixelsLike } from './pixels.js';

/** What a drawn triangle and a smooth field of displacements make of an image (Simard et al. 2003). */
export function stretchElastic(
  image: Pixels,
  { amplitude, deviation, affine }: Elastic,
  draws: Draws,
): Pixels {
  const turned =
    affine === 0 ? image : moveCorners(image, affine * Math.min(image.height, image.width), draws);
  const [across, down] = [0, 1].map(() => drawField(image, amplitude, deviation, draws));
  return sampleAll(turned, 'mirror-edge', (row, column, at) => [row + down![at]!, column + across![at]!]);
}

function drawField(
  { height, width }: Pixels,
  amplitude: number,
  deviation: number,
  draws: Draws,
): Float64Array {
  const most = amplitude * height;
  const drawn = mapPixels(pixelsLike({ height, width, channels: 1 }), () => draws.uniform(-most, most));
  return smooth(drawn, [deviation * height, deviation * width], { border: 'mirror-edge', truncate: 3 }).data;
}

type Point = readonly [x: number, y: number];

/** The affine map that moves three points about the middle, each by at most `reach` pixels along either axis. */
function moveCorners(image: Pixels, reach: number, draws: Draws): Pixels {
  const { height, width } = image;
  const [x, y] = [Math.floor(width / 2), Math.floor(height / 2)];
  const arm = Math.floor(Math.min(height, width) / 3);
  const from: readonly Point[] = [
    [x + arm, y + arm],
    [x + arm, y - arm],
    [x - arm, y - arm],
  ];
  const to = from.map(
    ([a, b]): Point => [a + draws.uniform(-reach, reach), b + draws.uniform(-reach, reach)],
  );
  const source = mapBack(from, to);
  return sampleAll(image, 'mirror-pixel', (row, column) => {
    const [sourceX, sourceY] = source(column, row);
    return [sourceY, sourceX];
  });
}

/** Where a point comes from, under the map that takes three points to three others: by its barycentric coordinates. */
function mapBack(from: readonly Point[], to: readonly Point[]): (x: number, y: number) => Point {
  const [a, b, c] = to as readonly [Point, Point, Point];
  const area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
  return (x, y) => {
    // Three points in a line leave the image as it is.
    if (area === 0) return [x, y];
    const second = ((x - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (y - a[1])) / area;
    const third = ((b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1])) / area;
    const first = 1 - second - third;
    const blend = (axis: 0 | 1) => first * from[0]![axis] + second * from[1]![axis] + third * from[2]![axis];
    return [blend(0), blend(1)];
  };
}

function sampleAll(
  image: Pixels,
  border: 'mirror-edge' | 'mirror-pixel',
  source: (row: number, column: number, at: number) => readonly [row: number, column: number],
): Pixels {
  const { height, width, channels } = image;
  const out = pixelsLike(image);
  for (let at = 0; at < height * width; at++) {
    const [row, column] = source(Math.floor(at / width), at % width, at);
    sampleAt(image, row, column, border, out.data, at * channels);
  }
  return mapPixels(out, clip);
}
