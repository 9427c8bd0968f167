import { identify } from '../../core/hash.js';
import { makeGrid } from '../../variables/grid.js';
import { chooseLevels, keepLevels, type LevelChoices, readLevels } from '../../variables/levels.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { spritesTargets, spritesVariables } from './sprites/factors.js';
import { makeSpriteRenderer } from './sprites/renderer.js';

export interface SpritesConfig {
  readonly name: string;
  /** Pixels of a row and of a column, 64 unless given. */
  readonly side?: 32 | 64 | undefined;
  /** Images that have all other variables in common, 256 unless given. */
  readonly draws?: number | undefined;
  /** Of all that is random in the images, 0 unless given. */
  readonly seed?: number | undefined;
  /** Reduces the grid; variables that are not named keep all levels. */
  readonly levels?: LevelChoices | undefined;
}

/**
 * Coloured sprites on dark backgrounds that are drawn on demand, in five renditions; the law stands in
 * sprites/README.md. Five classes to tell: shape, hue, size, x and y.
 */
export const sprites = {
  table: (config: SpritesConfig) => prepare(config).table,
  open: async (config: SpritesConfig) => openSprites(config),
} satisfies DatasetSource<SpritesConfig>;

function prepare({ draws = 256, levels = {} }: SpritesConfig) {
  const variables = spritesVariables(draws);
  const kept = chooseLevels(variables, levels, 'dataset.levels');
  return { kept, table: makeGrid(variables.map((variable, at) => keepLevels(variable, kept[at]!))) };
}

function openSprites(config: SpritesConfig): Dataset {
  const { side = 64, seed = 0 } = config;
  const { kept, table } = prepare(config);
  const size = side * side * 3;
  const render = makeSpriteRenderer(side, seed);
  const image = new Uint8ClampedArray(size);
  const values = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  const levels = new Uint16Array(kept.length);
  const draw = (example: number): void => {
    if (!(example >= 0 && example < table.size)) {
      throw new RangeError(`no example ${example} among ${table.size}`);
    }
    readLevels(example, kept, levels);
    render(levels, image);
  };
  return {
    name: 'sprites',
    table,
    inputs: { image: [side, side, 3] },
    targets: spritesTargets.map((name) => ({ name, kind: 'categorical' })),
    fingerprint: identify({ dataset: 'sprites', law: 1, side, seed, levels: kept }, 16),
    fill(input, examples, out) {
      if (input !== 'image') throw new RangeError(`sprites has no input '${input}', only 'image'`);
      if (out.length < examples.length * size) {
        throw new RangeError(
          `${examples.length} images need ${examples.length * size} numbers, not ${out.length}`,
        );
      }
      for (let i = 0; i < examples.length; i++) {
        draw(examples[i]!);
        expand(image, values, out, i * size);
      }
    },
    stored(input) {
      if (input !== 'image') return undefined;
      return {
        values,
        inMemory: false,
        read(examples, out) {
          for (let i = 0; i < examples.length; i++) {
            draw(examples[i]!);
            out.set(image, i * size);
          }
        },
      };
    },
  };
}

/** Writes the values of bytes; four at a time take half the time. */
function expand(bytes: Uint8ClampedArray, values: Float32Array, out: Float32Array, start: number): void {
  for (let at = 0; at < bytes.length; at += 4) {
    out[start + at] = values[bytes[at]!]!;
    out[start + at + 1] = values[bytes[at + 1]!]!;
    out[start + at + 2] = values[bytes[at + 2]!]!;
    out[start + at + 3] = values[bytes[at + 3]!]!;
  }
}
