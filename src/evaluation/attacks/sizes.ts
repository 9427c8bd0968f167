import type { Ball } from './ball.js';

/** A size as it was asked for, and the ball that it means. */
export interface AttackSize {
  readonly label: string;
  readonly ball: Ball;
}

/** Where none are asked for. */
export const usualSizes = { linf: ['2/255', '8/255', 0.1], l2: [0.5, 1, 2] } as const;
/** L-inf sizes of Wenzel et al. (2022), of 255 levels. */
export const assaySizes = [0.005, 0.05, 0.1, 0.15, 0.3, 0.5] as const;

/**
 * The balls of sizes in units of the range [0, 1] of a number: `0.1`, `8/255`; or those of the assay, whose L2 sizes are
 * its L-inf sizes times the square root of the numbers of an image (224 √3 for its 224 x 224 x 3).
 *
 * @param numbers Of an image.
 */
export function readSizes(
  sizes: readonly (number | string)[] | 'assay' | undefined,
  norm: Ball['norm'],
  numbers: number,
): readonly AttackSize[] {
  if (sizes === 'assay') {
    const factor = norm === 'l2' ? Math.sqrt(numbers) : 1;
    return assaySizes.map((size) => ({
      label: `${size}/255`,
      ball: { norm, radius: (size / 255) * factor },
    }));
  }
  return (sizes ?? usualSizes[norm]).map((size) => ({
    label: String(size),
    ball: { norm, radius: typeof size === 'number' ? size : readFraction(size) },
  }));
}

function readFraction(text: string): number {
  const [above = '', below = '1'] = text.split('/');
  return Number(above) / Number(below);
}
