import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { HeldoutError } from '../../../core/errors.js';
import type { SquareFit } from './decode.js';

/** Which image files a dataset has, and how they become squares of one size. */
export interface ImageFilesConfig {
  /** The folder, from the data folder where it is relative. */
  readonly path: string;
  /** Pixels of a row and of a column, 64 unless given. */
  readonly side?: number | undefined;
  readonly fit?: SquareFit['fit'] | undefined;
  /** Share of the shorter side that `cover` keeps, 1 unless given. */
  readonly crop_share?: number | undefined;
  readonly channels?: 1 | 3 | undefined;
  /** Pixels of the shorter side below which an image counts as damaged; none does unless given. */
  readonly smallest?: number | undefined;
  /** Whether images that are not there, damaged or too small are left out; else they are an error. */
  readonly skip_corrupt?: boolean | undefined;
}

/** Finds the folder; throws HeldoutError `E_DATA_MISSING` where there is none. */
export function findImageFiles(
  { path, side = 64, fit = 'cover', crop_share = 1, channels = 3, smallest }: ImageFilesConfig,
  dataFolder: string,
): { readonly folder: string; readonly fit: SquareFit } {
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
  const share = fit === 'cover' ? crop_share : 1;
  return { folder, fit: { side, fit, share, channels, ...(smallest !== undefined && { smallest }) } };
}
