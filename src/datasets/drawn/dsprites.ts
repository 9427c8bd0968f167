import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { HeldoutError } from '../../core/errors.js';
import { identify } from '../../core/hash.js';
import { makeGrid } from '../../variables/grid.js';
import { chooseLevels, keepLevels, type LevelChoices, readLevels } from '../../variables/levels.js';
import { dspritesArchive, locateDataFile } from '../data-files.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { readArchiveImages } from './dsprites/archive.js';
import { dspritesFactors } from './dsprites/factors.js';
import { bitValues, side, unpackImage, wordsPerImage } from './dsprites/rasterize.js';
import { makeRenderer } from './dsprites/renderer.js';

export interface DspritesConfig {
  readonly name: string;
  /** `rendered`: drawn on demand; `archive`: from the published file in the data folder. */
  readonly source?: 'rendered' | 'archive' | undefined;
  /** Reduces the grid; factors that are not named keep all levels. */
  readonly levels?: LevelChoices | undefined;
}

/** Images by example, bit-packed. */
interface ImageSource {
  readonly fingerprint: string;
  readonly inMemory: boolean;
  read(example: number, image: Uint32Array): void;
}

type KeptLevels = readonly (readonly number[])[];

/** dSprites (Matthey et al., 2017): white sprites on black, 64 × 64, five factors. */
export const dsprites: DatasetSource<DspritesConfig> = {
  table(config, dataFolder) {
    if (config.source === 'archive') findArchive(dataFolder);
    return makeTable(chooseKept(config));
  },
  open: openDsprites,
};

const chooseKept = (config: DspritesConfig): KeptLevels =>
  chooseLevels(dspritesFactors, config.levels ?? {}, 'dataset.levels');

const makeTable = (kept: KeptLevels) =>
  makeGrid(dspritesFactors.map((factor, at) => keepLevels(factor, kept[at]!)));

async function openDsprites(config: DspritesConfig, dataFolder: string): Promise<Dataset> {
  const kept = chooseKept(config);
  const table = makeTable(kept);
  const source = config.source === 'archive' ? await openArchive(kept, dataFolder) : openRenderer(kept);
  const image = new Uint32Array(wordsPerImage);
  return {
    name: 'dsprites',
    table,
    inputs: { image: [side, side, 1] },
    targets: table.variables.map(({ name }) => ({ name, kind: 'numeric' })),
    fingerprint: source.fingerprint,
    fill(input, examples, out) {
      if (input !== 'image') throw new RangeError(`dsprites has no input '${input}', only 'image'`);
      if (out.length < examples.length * side * side) {
        throw new RangeError(
          `${examples.length} images need ${examples.length * side * side} numbers, not ${out.length}`,
        );
      }
      for (let i = 0; i < examples.length; i++) {
        const example = examples[i]!;
        if (!(example >= 0 && example < table.size)) {
          throw new RangeError(`no example ${example} among ${table.size}`);
        }
        source.read(example, image);
        unpackImage(image, out, i * side * side);
      }
    },
    stored(input) {
      if (input !== 'image') return undefined;
      return {
        values: bitValues(),
        inMemory: source.inMemory,
        read(examples, out) {
          const bytes = new Uint8Array(image.buffer);
          for (let i = 0; i < examples.length; i++) {
            source.read(examples[i]!, image);
            out.set(bytes, i * bytes.length);
          }
        },
      };
    },
  };
}

function openRenderer(kept: KeptLevels): ImageSource {
  const render = makeRenderer();
  const levels = new Uint16Array(kept.length);
  return {
    fingerprint: identify({ dataset: 'dsprites', source: 'rendered', law: 1, levels: kept }, 16),
    inMemory: false,
    read(example, image) {
      readLevels(example, kept, levels);
      render(levels, image);
    },
  };
}

function findArchive(dataFolder: string): string {
  const { found } = locateDataFile(dataFolder, dspritesArchive);
  if (found !== undefined) return found;
  throw new HeldoutError({
    code: 'E_DATA_MISSING',
    message: `the dSprites archive is not in ${dataFolder}`,
    place: 'dataset.source',
    hints: [
      `put ${dspritesArchive.paths[0]} there, from ${dspritesArchive.source}`,
      'dataset.source=rendered (the same images, drawn on demand)',
    ],
  });
}

async function openArchive(kept: KeptLevels, dataFolder: string): Promise<ImageSource> {
  const found = findArchive(dataFolder);
  const images = await readArchiveImages(found, dspritesFactors, kept);
  return {
    fingerprint: identify({ dataset: 'dsprites', file: await hashFile(found), levels: kept }, 16),
    inMemory: true,
    read(example, image) {
      image.set(images.subarray(example * wordsPerImage, (example + 1) * wordsPerImage));
    },
  };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}
