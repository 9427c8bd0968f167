import { statSync } from 'node:fs';
import { join } from 'node:path';
import { idxDataFiles } from './idx/sources.js';

/** A file that Heldout can use, in its original form. */
export interface DataFile {
  readonly dataset: string;
  /** Where it may stand, below the data folder. */
  readonly paths: readonly string[];
  /** What it is needed for. */
  readonly use: string;
  /** Where it comes from. */
  readonly source: string;
}

export const dspritesArchive: DataFile = {
  dataset: 'dsprites',
  paths: ['', 'dsprites/'].map((folder) => `${folder}dsprites_ndarray_co1sh3sc6or40x32y32_64x64.npz`),
  use: 'dataset.source=archive (optional: every image can be rendered without it)',
  source: 'github.com/google-deepmind/dsprites-dataset (26 MB)',
};

export const adultTrain: DataFile = {
  dataset: 'adult',
  paths: ['adult/adult.data', 'adult.data'],
  use: 'dataset=adult',
  source: 'archive.ics.uci.edu/dataset/2/adult (4 MB)',
};

export const adultTest: DataFile = {
  dataset: 'adult',
  paths: ['adult/adult.test', 'adult.test'],
  use: 'dataset=adult dataset.part=all',
  source: 'archive.ics.uci.edu/dataset/2/adult (2 MB)',
};

export const compasScores: DataFile = {
  dataset: 'compas',
  paths: ['compas/compas-scores-two-years.csv', 'compas-scores-two-years.csv'],
  use: 'dataset=compas (names and birth dates in it are dropped when it is read)',
  source: 'github.com/propublica/compas-analysis (3 MB)',
};

const dspritesFrames: DataFile = {
  dataset: 'dsprites',
  paths: ['dsprites/real_frames.npz', 'real_frames.npz'],
  use: 'tests that compare rendered with real images (optional)',
  source: '320 images cut from dsprites.gif of github.com/google-deepmind/dsprites-dataset',
};

/** What a data folder has, or could have, of one known file. */
export interface DataFileReport extends DataFile {
  /** Full path; undefined when the file is not there. */
  readonly found: string | undefined;
  readonly bytes: number | undefined;
}

/** Looks for every file that some dataset or test can use. A folder that does not exist has none. */
export function inspectDataFolder(folder: string): readonly DataFileReport[] {
  return [dspritesArchive, dspritesFrames, ...idxDataFiles, adultTrain, adultTest, compasScores].map(
    (file) => ({
      ...file,
      ...locateDataFile(folder, file),
    }),
  );
}

/** The first place where a file stands, with its size. */
export function locateDataFile(
  folder: string,
  file: Pick<DataFile, 'paths'>,
): { readonly found: string | undefined; readonly bytes: number | undefined } {
  for (const path of file.paths) {
    const full = join(folder, path);
    const stats = statSync(full, { throwIfNoEntry: false });
    if (stats?.isFile()) return { found: full, bytes: stats.size };
  }
  return { found: undefined, bytes: undefined };
}
