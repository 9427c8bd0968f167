/** A polygon: x right, y down, both as many values as it has vertices. */
export interface Polygon {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

type Curve = (angle: number) => readonly [number, number];

const ellipse: Curve = (a) => [1.33 * Math.cos(a), Math.sin(a) / 1.33];

const heart: Curve = (a) => [
  Math.sin(a) ** 3,
  -((13 * Math.cos(a) - 5 * Math.cos(2 * a) - 2 * Math.cos(3 * a) - Math.cos(4 * a)) / 14.5 + 0.15),
];

/** The shapes by level, upright, in units in which the square is [−1, 1]². */
export const outlines: readonly Polygon[] = [
  { x: Float64Array.of(-1, 1, 1, -1), y: Float64Array.of(-1, -1, 1, 1) },
  trace(ellipse, 100),
  trace(heart, 150),
];

function trace(curve: Curve, vertices: number): Polygon {
  const points = Array.from({ length: vertices }, (_, k) => curve((2 * Math.PI * k) / vertices));
  return { x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y) };
}

/** Turns counter-clockwise as seen on the screen (y points down) and enlarges. */
export function turnAndScale(outline: Polygon, angle: number, factor: number): Polygon {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return {
    x: outline.x.map((x, i) => factor * (x * cos + outline.y[i]! * sin)),
    y: outline.y.map((y, i) => factor * (-outline.x[i]! * sin + y * cos)),
  };
}
