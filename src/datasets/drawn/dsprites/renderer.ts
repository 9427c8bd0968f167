import { dspritesFactors } from './factors.js';
import { outlines, type Polygon, turnAndScale } from './outlines.js';
import { rasterize, side } from './rasterize.js';

/** Half a square's side at scale 1, in pixels. */
const pixelsPerUnit = 0.15 * side;

/** Draws the image of a tuple of level indices of the full grid into 128 bit-packed words. */
export type Renderer = (levels: ArrayLike<number>, image: Uint32Array) => void;

/**
 * The rendering law of dSprites. An outline is scaled and turned once per (shape, scale, orientation)
 * that is asked for: 720 of them, 1.5 MB at most. Vertices are rounded after the move, so every position is
 * drawn by itself.
 */
export function makeRenderer(): Renderer {
  const [shape, scale, orientation, x, y] = dspritesFactors;
  const sprites: (Polygon | undefined)[] = new Array(
    shape.levels.length * scale.levels.length * orientation.levels.length,
  );
  return (levels, image) => {
    const at = (levels[0]! * scale.levels.length + levels[1]!) * orientation.levels.length + levels[2]!;
    sprites[at] ??= turnAndScale(
      outlines[levels[0]!]!,
      orientation.levels[levels[2]!]!,
      pixelsPerUnit * scale.levels[levels[1]!]!,
    );
    rasterize(
      sprites[at],
      side / 4 + (side / 2) * x.levels[levels[3]!]!,
      side / 4 + (side / 2) * y.levels[levels[4]!]!,
      image,
    );
  };
}
