import type { Variable } from '../../../variables/variable.js';

const countTo = (count: number) => Array.from({ length: count }, (_, level) => level);

/** How a sprite is drawn; `mix` is one of the three before it, by chance. */
export const renditions = ['normal', 'outline', 'texture', 'stripes', 'mix'] as const;

/** Radius of the sizes, in pixels of an image of 64 x 64. */
export const radii = [8, 11.5, 15] as const;

/**
 * The variables of the sprites, the last one fastest. Positions are quarters of the range of centres, rightwards and
 * downwards; `draw` numbers the images that have all else in common.
 */
export function spritesVariables(draws: number) {
  return [
    { name: 'shape', kind: 'categorical', levels: ['square', 'ellipse', 'heart', 'triangle'] },
    { name: 'hue', kind: 'categorical', levels: ['red', 'green', 'blue', 'yellow'] },
    { name: 'size', kind: 'ordered', levels: radii },
    { name: 'x', kind: 'ordered', levels: countTo(4) },
    { name: 'y', kind: 'ordered', levels: countTo(4) },
    { name: 'rendition', kind: 'categorical', levels: renditions },
    { name: 'draw', kind: 'ordered', levels: countTo(draws) },
  ] as const satisfies readonly Variable[];
}

/** What a model is asked for. */
export const spritesTargets = ['shape', 'hue', 'size', 'x', 'y'] as const;
