import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { HeldoutError } from '../core/errors.js';
import { identify } from '../core/hash.js';
import { makeColumns } from '../variables/columns.js';
import type { VariableTable } from '../variables/variable.js';
import type { DatasetSource } from './dataset.js';
import type { SquareFit } from './folder/decode.js';
import { type BadImage, decodeAll, findDecoded } from './folder/decoded-cache.js';
import { type ListedImage, listImages } from './folder/list-images.js';
import { type ImageStore, keepInMemory, makeImageDataset } from './images/image-dataset.js';
import { dataError } from './readers/data-error.js';

export interface ImageFolderConfig {
  readonly name: string;
  /** The folder, from the data folder where it is relative. */
  readonly path: string;
  /** The variables that its folders are, from above, the last one `class`: `domain/class`. */
  readonly layout?: string | undefined;
  /** Pixels of a row and of a column, 64 unless given. */
  readonly side?: number | undefined;
  readonly fit?: SquareFit['fit'] | undefined;
  /** Share of the shorter side that `cover` keeps, 1 unless given. */
  readonly crop_share?: number | undefined;
  readonly channels?: 1 | 3 | undefined;
  /** Whether images that cannot be decoded are left out; else they are an error. */
  readonly skip_corrupt?: boolean | undefined;
}

/** Decoded images that take no more than this are read into memory; of others each is read when it is asked for. */
const memoryLimit = 512 * 2 ** 20;

/** Images in folders that are levels of variables, decoded once. */
export const imageFolder: DatasetSource<ImageFolderConfig> = {
  /** Images that cannot be decoded are missing only once all were decoded. */
  table(config, dataFolder) {
    const { folder, fit, variables } = describe(config, dataFolder);
    const images = listImages(folder, variables);
    return makeTable(
      leaveOut(images, findDecoded(folder, images, fit)?.bad ?? [], config, folder),
      variables,
    );
  },
  async open(config, dataFolder) {
    const { folder, fit, variables } = describe(config, dataFolder);
    const images = listImages(folder, variables);
    const { pixels, bad, sha256 } = await decodeAll(folder, images, fit);
    const kept = leaveOut(images, bad, config, folder);
    const { side, channels } = fit;
    const store =
      kept.length * side * side * channels <= memoryLimit
        ? keepInMemory(readBytes(pixels), side, channels)
        : readOnDemand(pixels, side, channels);
    const fingerprint = identify(
      { dataset: 'image_folder', variables, fit, levels: kept.map(({ levels }) => levels), sha256 },
      16,
    );
    return makeImageDataset({
      name: 'image_folder',
      table: makeTable(kept, variables),
      images: store,
      channels,
      fingerprint,
    });
  },
};

function describe(config: ImageFolderConfig, dataFolder: string) {
  const { path, layout = 'class', side = 64, fit = 'cover', crop_share = 1, channels = 3 } = config;
  const folder = resolve(dataFolder, path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new HeldoutError({
      code: 'E_DATA_MISSING',
      message: `there is no folder ${folder}`,
      place: 'dataset.path',
      hints: [
        `put it into ${dataFolder}`,
        'dataset.path=FOLDER names another one',
        'HELDOUT_DATA=FOLDER names another data folder',
      ],
    });
  }
  const square: SquareFit = { side, fit, share: fit === 'cover' ? crop_share : 1, channels };
  return { folder, fit: square, variables: layout.split('/') };
}

function makeTable(images: readonly ListedImage[], names: readonly string[]): VariableTable {
  const columns: Record<string, Uint16Array> = {};
  const variables = names.map((name, at) => {
    const levels = [...new Set(images.map((image) => image.levels[at]!))].sort();
    const index = new Map(levels.map((level, code) => [level, code]));
    columns[name] = Uint16Array.from(images, (image) => index.get(image.levels[at]!)!);
    return { name, kind: 'categorical' as const, levels };
  });
  return makeColumns(images.length, variables, columns);
}

function leaveOut(
  images: readonly ListedImage[],
  bad: readonly BadImage[],
  { skip_corrupt = false }: ImageFolderConfig,
  folder: string,
): readonly ListedImage[] {
  if (bad.length === 0) return images;
  const names = new Set(bad.map(({ path }) => path));
  const kept = images.filter(({ path }) => !names.has(path));
  if (skip_corrupt && kept.length > 0) return kept;
  const shown = bad.slice(0, 3).map(({ path, reason }) => `${path} (${reason})`);
  throw new HeldoutError({
    code: 'E_DATA_FILE',
    message: `${bad.length} of ${images.length} images cannot be decoded: ${shown.join(', ')}${bad.length > 3 ? ', ...' : ''}`,
    place: folder,
    hints: ['get them again from their source, or remove them', 'dataset.skip_corrupt=true leaves them out'],
    exitCode: 1,
  });
}

function readBytes(path: string): Uint8Array {
  const bytes = new Uint8Array(statSync(path).size);
  const descriptor = openSync(path, 'r');
  try {
    readFully(descriptor, path, bytes, 0);
  } finally {
    closeSync(descriptor);
  }
  return bytes;
}

/** Keeps the file open as long as the process lives. */
function readOnDemand(path: string, side: number, channels: 1 | 3): ImageStore {
  const descriptor = openSync(path, 'r');
  const size = side * side * channels;
  return {
    side,
    channels,
    inMemory: false,
    read(examples, out) {
      for (let i = 0; i < examples.length; i++) {
        readFully(descriptor, path, out.subarray(i * size, (i + 1) * size), examples[i]! * size);
      }
    },
  };
}

function readFully(descriptor: number, path: string, out: Uint8Array, position: number): void {
  for (let done = 0; done < out.length; ) {
    const count = readSync(descriptor, out, done, out.length - done, position + done);
    if (count === 0) throw dataError(path, 'the cache of decoded images is cut off: remove it');
    done += count;
  }
}
