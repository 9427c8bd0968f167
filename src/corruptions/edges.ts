import { foldIndex } from './pixels.js';

/** Bytes of one channel. */
export interface Grey {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

/** Tangent of 22.5 degrees, as a multiple of 2^-15. */
const tangent = Math.floor((Math.SQRT2 - 1) * 32768 + 0.5);

/**
 * Pixels on an edge (Canny 1986), 1 or 0: Sobel's derivatives, of whose sizes, |dx| + |dy|, those stay that are largest
 * across the edge and above `high`, or above `low` and joined to one of these. As OpenCV's `Canny`.
 */
export function findEdges(image: Grey, low: number, high: number): Uint8Array {
  const { height, width } = image;
  const { across, down } = derive(image);
  const size = (row: number, column: number) =>
    row < 0 || row >= height || column < 0 || column >= width
      ? 0
      : Math.abs(across[row * width + column]!) + Math.abs(down[row * width + column]!);
  const isPeak = (row: number, column: number): boolean => {
    const [dx, dy] = [across[row * width + column]!, down[row * width + column]!];
    const own = size(row, column);
    const [x, y] = [Math.abs(dx) * tangent, Math.abs(dy) * 32768];
    if (y < x) return own > size(row, column - 1) && own >= size(row, column + 1);
    if (y > x + Math.abs(dx) * 65536) return own > size(row - 1, column) && own >= size(row + 1, column);
    const side = dx < 0 === dy < 0 ? 1 : -1;
    return own > size(row - 1, column - side) && own > size(row + 1, column + side);
  };
  const weak = new Uint8Array(height * width);
  const edges = new Uint8Array(height * width);
  const open: number[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (size(row, column) <= low || !isPeak(row, column)) continue;
      const at = row * width + column;
      weak[at] = 1;
      if (size(row, column) <= high) continue;
      edges[at] = 1;
      open.push(at);
    }
  }
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [row, column] = [Math.floor(at / width), at % width];
    for (let i = Math.max(0, row - 1); i <= Math.min(height - 1, row + 1); i++) {
      for (let j = Math.max(0, column - 1); j <= Math.min(width - 1, column + 1); j++) {
        const next = i * width + j;
        if (weak[next] === 0 || edges[next] === 1) continue;
        edges[next] = 1;
        open.push(next);
      }
    }
  }
  return edges;
}

/** Sobel's derivatives of 3 x 3 pixels. */
function derive({ height, width, data }: Grey): { readonly across: Int32Array; readonly down: Int32Array } {
  const across = new Int32Array(height * width);
  const down = new Int32Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const pixel = (y: number, x: number) =>
        data[foldIndex(row + y, height, 'nearest') * width + foldIndex(column + x, width, 'nearest')]!;
      const corner = pixel(1, 1) - pixel(-1, -1);
      const other = pixel(-1, 1) - pixel(1, -1);
      const at = row * width + column;
      across[at] = corner + other + 2 * (pixel(0, 1) - pixel(0, -1));
      down[at] = corner - other + 2 * (pixel(1, 0) - pixel(-1, 0));
    }
  }
  return { across, down };
}

/** Steps of a chess king and knight, by their length (Borgefors 1986). */
const steps = [
  [0, -1, 1],
  [-1, 0, 1],
  [-1, -1, 1.4],
  [-1, 1, 1.4],
  [-1, -2, 2.1969],
  [-1, 2, 2.1969],
  [-2, -1, 2.1969],
  [-2, 1, 2.1969],
] as const;

/** Distance of every pixel from the nearest edge, in such steps; infinite where there is no edge. */
export function measureDistances(edges: Uint8Array, height: number, width: number): Float64Array {
  const distances = Float64Array.from(edges, (edge) => (edge === 1 ? 0 : Number.POSITIVE_INFINITY));
  const relax = (at: number, sign: 1 | -1): void => {
    const [row, column] = [Math.floor(at / width), at % width];
    for (const [down, across, length] of steps) {
      const [y, x] = [row + sign * down, column + sign * across];
      if (y < 0 || y >= height || x < 0 || x >= width) continue;
      distances[at] = Math.min(distances[at]!, distances[y * width + x]! + length);
    }
  };
  for (let at = 0; at < distances.length; at++) relax(at, 1);
  for (let at = distances.length - 1; at >= 0; at--) relax(at, -1);
  return distances;
}
