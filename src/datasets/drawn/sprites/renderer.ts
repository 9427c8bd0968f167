import { createFastStream, type FastStream, openKeys } from '../../../random/fast-stream.js';
import { radii, renditions } from './factors.js';
import { normalQuantiles } from './noise.js';
import { reach, shapes } from './shapes.js';

/** Level indices of an example, in the order of the variables. */
export type SpriteLevels = ArrayLike<number>;

/** Writes an image, row by row, three bytes a pixel. */
export type RenderSprite = (levels: SpriteLevels, image: Uint8ClampedArray) => void;

const colours = [
  [1, 0.25, 0.25],
  [0.25, 1, 0.25],
  [0.3, 0.4, 1],
  [1, 0.9, 0.2],
] as const;
const noise = 0.06;
/** Full brightness before the bytes: sums of whole 64ths of a byte are faster than those of fractions. */
const [full, shift] = [255 * 64, 6];
const [outline, texture, stripes, mixed] = [1, 2, 3, 4].map((level) => renditions[level]!);

/**
 * Draws sprites by the law of the README: coordinates are those of an image of 64 x 64 whatever the side, pixels are
 * looked at in their middle, without anti-aliasing, and become bytes at the end. All that is random of an example
 * follows from the seed and its levels alone.
 * @param side Pixels of a row and of a column.
 */
export function makeSpriteRenderer(side: number, seed: number): RenderSprite {
  const source = createFastStream(openKeys(seed, 'sprites'));
  // With the half of a byte that makes cutting off rounding.
  const quantiles = Int16Array.from(normalQuantiles(), (value) => Math.round(value * noise * full) + 32);
  const base = new Int16Array(side * side * 3);
  const mask = new Float32Array(side * side);
  const words = new Int32Array(base.length / 2);
  const step = 64 / side;
  return (levels, image) => {
    const [shape, hue, size, x, y, level, draw] = levels as unknown as readonly number[];
    source.place(((((shape! * 4 + hue!) * 3 + size!) * 4 + x!) * 4 + y!) * 5 + level!, draw!);
    const centreX = 16 + 8 * (x! + source.uniform(0, 1));
    const centreY = 16 + 8 * (y! + source.uniform(0, 1));
    const radius = radii[size!]! * source.uniform(0.95, 1.05);
    const angle = source.uniform(-0.6, 0.6);
    const brightness = source.uniform(0.75, 1) * full;
    const background = [0, 1, 2].map(() => Math.round(source.uniform(0, 0.35) * full));
    const rendition = chooseRendition(source, renditions[level!]!);
    if (rendition === stripes) fillStripes(base, background, source.uniform(0, 2 * Math.PI), step);
    else fillPlain(base, background);

    const cover = (value: number): number => Math.min(side, Math.max(0, value));
    const box = {
      left: cover(Math.floor((centreX - reach * radius) / step)),
      right: cover(Math.ceil((centreX + reach * radius) / step)),
      top: cover(Math.floor((centreY - reach * radius) / step)),
      bottom: cover(Math.ceil((centreY + reach * radius) / step)),
    };
    const [cos, sin] = [Math.cos(angle) / radius, Math.sin(angle) / radius];
    const isInside = shapes[shape!]!;
    for (let row = box.top; row < box.bottom; row++) {
      const v = (row + 0.5) * step - centreY;
      for (let column = box.left; column < box.right; column++) {
        const u = (column + 0.5) * step - centreX;
        mask[row * side + column] = isInside(u * cos + v * sin, v * cos - u * sin) ? 1 : 0;
      }
    }
    if (rendition === texture) checker(mask, box, side, step);
    paint(base, mask, box, side, colours[hue!]!, brightness, rendition === outline);
    source.fill(words);
    finish(base, words, quantiles, image);
  };
}

function chooseRendition(source: FastStream, rendition: string): string {
  if (rendition !== mixed) return rendition;
  return [outline!, texture!, stripes!][Math.floor(source.uniform(0, 3))]!;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function fillPlain(base: Int16Array, colour: readonly number[]): void {
  const [red, green, blue] = colour as [number, number, number];
  for (let at = 0; at < base.length; at += 3) {
    base[at] = red;
    base[at + 1] = green;
    base[at + 2] = blue;
  }
}

/** Waves of a quarter of full brightness, the same in every channel: of a sum of angles, from their sines. */
function fillStripes(base: Int16Array, colour: readonly number[], phase: number, step: number): void {
  const side = 64 / step;
  const [red, green, blue] = colour as [number, number, number];
  const across = Array.from({ length: side }, (_, column) => 0.5 * (column + 0.5) * step + phase);
  const [sines, cosines] = [Float64Array.from(across, Math.sin), Float64Array.from(across, Math.cos)];
  for (let row = 0, at = 0; row < side; row++) {
    const down = 0.3 * (row + 0.5) * step;
    const [sin, cos] = [0.25 * full * Math.sin(down), 0.25 * full * Math.cos(down)];
    for (let column = 0; column < side; column++, at += 3) {
      const wave = (sines[column]! * cos + cosines[column]! * sin) | 0;
      base[at] = red + wave;
      base[at + 1] = green + wave;
      base[at + 2] = blue + wave;
    }
  }
}

/** A checkerboard of cells of 3 x 3: half of them let most of the background through. */
function checker(mask: Float32Array, box: Box, side: number, step: number): void {
  for (let row = box.top; row < box.bottom; row++) {
    const across = Math.floor(((row + 0.5) * step) / 3);
    for (let column = box.left; column < box.right; column++) {
      const isFull = (across + Math.floor(((column + 0.5) * step) / 3)) % 2 === 1;
      mask[row * side + column]! *= isFull ? 1 : 0.35;
    }
  }
}

/** Lays the colour over the base, as far as the mask lets it; `hollow`: where not all eight neighbours are inside. */
function paint(
  base: Int16Array,
  mask: Float32Array,
  box: Box,
  side: number,
  colour: readonly number[],
  brightness: number,
  hollow: boolean,
): void {
  const within = (row: number, column: number): boolean =>
    row >= box.top && row < box.bottom && column >= box.left && column < box.right;
  const isCore = (row: number, column: number): boolean => {
    if (!within(row - 1, column - 1) || !within(row + 1, column + 1)) return false;
    for (let at = (row - 1) * side + column; at <= (row + 1) * side + column; at += side) {
      if (mask[at - 1] === 0 || mask[at] === 0 || mask[at + 1] === 0) return false;
    }
    return true;
  };
  const [red, green, blue] = colour.map((share) => share * brightness) as [number, number, number];
  for (let row = box.top; row < box.bottom; row++) {
    for (let column = box.left; column < box.right; column++) {
      const share = mask[row * side + column]!;
      if (share === 0 || (hollow && isCore(row, column))) continue;
      const at = 3 * (row * side + column);
      base[at]! += share * (red - base[at]!);
      base[at + 1]! += share * (green - base[at + 1]!);
      base[at + 2]! += share * (blue - base[at + 2]!);
    }
  }
}

/** Adds noise, and makes bytes: the clamped array keeps them in their range. */
function finish(base: Int16Array, words: Int32Array, quantiles: Int16Array, image: Uint8ClampedArray): void {
  for (let at = 0; at < base.length; at += 2) {
    const bits = words[at >> 1]!;
    image[at] = (base[at]! + quantiles[bits & 0xffff]!) >> shift;
    image[at + 1] = (base[at + 1]! + quantiles[bits >>> 16]!) >> shift;
  }
}
