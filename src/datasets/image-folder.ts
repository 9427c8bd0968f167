import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { HeldoutError } from '../core/errors.js';
import { identify } from '../core/hash.js';
import { makeColumns } from '../variables/columns.js';
import type { VariableTable } from '../variables/variable.js';
import type { DatasetSource } from './dataset.js';
import type { SquareFit } from './folder/decode.js';
import { decodeAll, findDecoded } from './folder/decoded-cache.js';
import { leaveOut } from './folder/leave-out.js';
import { type ListedImage, listImages } from './folder/list-images.js';
import { openPixels } from './folder/pixel-store.js';
import { makeImageDataset } from './images/image-dataset.js';

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

/** Images in folders that are levels of variables, decoded once. */
export const imageFolder: DatasetSource<ImageFolderConfig> = {
  /** Images that cannot be decoded are missing only once all were decoded. */
  table(config, dataFolder) {
    const { folder, fit, variables } = describe(config, dataFolder);
    const images = listImages(folder, variables);
    return makeTable(
      leaveOut(images, findDecoded(folder, images, fit)?.bad ?? [], config.skip_corrupt, folder),
      variables,
    );
  },
  async open(config, dataFolder) {
    const { folder, fit, variables } = describe(config, dataFolder);
    const images = listImages(folder, variables);
    const { pixels, bad, sha256 } = await decodeAll(folder, images, fit);
    const kept = leaveOut(images, bad, config.skip_corrupt, folder);
    const fingerprint = identify(
      { dataset: 'image_folder', variables, fit, levels: kept.map(({ levels }) => levels), sha256 },
      16,
    );
    return makeImageDataset({
      name: 'image_folder',
      table: makeTable(kept, variables),
      images: openPixels(pixels, kept.length, fit),
      channels: fit.channels,
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
