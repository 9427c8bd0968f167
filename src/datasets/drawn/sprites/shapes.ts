/**
 * Whether a point is inside, in units of the sprite's radius: `a` along the sprite's own horizontal axis, `b` along
 * its vertical one, downwards.
 */
export type Shape = (a: number, b: number) => boolean;

/** By level of `shape`: square, ellipse, heart, triangle. */
export const shapes: readonly Shape[] = [
  (a, b) => Math.abs(a) < 0.85 && Math.abs(b) < 0.85,
  (a, b) => a * a + (b * b) / (0.55 * 0.55) < 1.1 * 1.1,
  (a, b) => {
    const x = 1.15 * a;
    const y = 0.1 - 1.2 * b;
    const body = x * x + y * y - 1;
    return body * body * body < x * x * y * y * y;
  },
  (a, b) => b < 0.65 && 0.866 * a - 0.5 * b < 0.65 && -0.866 * a - 0.5 * b < 0.65,
];

/** No point of a shape is farther from the middle: the triangle's corners are at 1.3. */
export const reach = 1.31;
