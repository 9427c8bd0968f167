import { resolve } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import { identify } from '../../core/hash.js';
import { makeColumns } from '../../variables/columns.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import type { DatasetSource } from '../dataset.js';
import { makeImageDataset } from '../images/image-dataset.js';
import { orderLevels } from '../tabular/columns/order-levels.js';
import { levelLimit } from '../tabular/columns/rows.js';
import { findNamedFile } from '../tabular/open-table.js';
import { type BadImage, decodeAll, findDecoded } from './images/decoded-cache.js';
import { findImageFiles, type ImageFilesConfig } from './images/image-files.js';
import { leaveOut, noteLeftOut } from './images/leave-out.js';
import { findImage, notThere } from './images/list-images.js';
import { openPixels } from './images/pixel-store.js';
import { readMetadata, type WantedColumn } from './tables/read-metadata.js';

export interface WildsCsvConfig extends ImageFilesConfig {
  readonly name: string;
  /** The table, from the folder of images where it is relative; `metadata.csv` unless given. */
  readonly metadata?: string | undefined;
  /** `path` unless given. */
  readonly image_column?: string | undefined;
  /** `y` unless given. */
  readonly target?: string | undefined;
  /** The column that becomes the variable `part`; `split` unless given, null where there is none. */
  readonly split_column?: string | null | undefined;
  /** What values of it are called; others keep their names. */
  readonly split_names?: Readonly<Record<string, string>> | undefined;
  /** The column whose values are environments: a hospital, a region, a camera. */
  readonly environment?: string | null | undefined;
  /** Further columns that become variables. */
  readonly variables?: readonly string[] | undefined;
}

const usualSplitNames = { '0': 'train', '1': 'validation', '2': 'test', val: 'validation' };

/**
 * Image files beside a table as WILDS has them (Koh et al. 2021): a row for each with its class `y`, its part `split`, by
 * name or number, and metadata. The target is one of as many classes as there are, in the order of their numbers. Images
 * are decoded once.
 */
export const wildsCsv: DatasetSource<WildsCsvConfig> = {
  /** Images that cannot be decoded are missing only once all were decoded. */
  async table(config, dataFolder) {
    const prepared = await prepare(config, dataFolder);
    return tabulate(prepared, findDecoded(prepared.folder, prepared.images, prepared.fit)?.bad ?? []);
  },
  async open(config, dataFolder) {
    const prepared = await prepare(config, dataFolder);
    const { folder, images, fit } = prepared;
    const { pixels, bad, sha256 } = await decodeAll(folder, images, fit);
    const table = tabulate(prepared, bad);
    const { variables } = table;
    const columns = variables.map(({ name }) => [...table.column(name)]);
    return makeImageDataset({
      name: 'wilds_csv',
      table,
      images: openPixels(pixels, table.size, fit),
      channels: fit.channels,
      targets: [{ name: table.label!, kind: 'categorical' }],
      fingerprint: identify({ dataset: 'wilds_csv', fit, sha256, variables: [...variables], columns }, 16),
    });
  },
};

async function prepare(config: WildsCsvConfig, dataFolder: string) {
  const { image_column = 'path', target = 'y', split_column = 'split', metadata = 'metadata.csv' } = config;
  const { folder, fit } = findImageFiles(config, dataFolder);
  const wanted = chooseColumns(config, image_column, target, split_column);
  const file = findNamedFile(resolve(folder, metadata), dataFolder, 'dataset.metadata');
  const read = await readMetadata(file, wanted);
  const names = read.cells[image_column]!;
  const found = names.map((path) => findImage(folder, path));
  const lost = names.flatMap((path, row) => (found[row] === undefined ? [{ path, reason: notThere }] : []));
  const numbered = names.map((path, row) => ({ path, row }));
  return {
    ...{ config, folder, fit, lost, lacking: read.lacking, target, split: split_column },
    columns: wanted.slice(1).map(({ column }) => column),
    cells: read.cells,
    rows: leaveOut(numbered, lost, config.skip_corrupt, folder),
    images: found.filter((image) => image !== undefined),
  };
}

/** The images' column first, then those that become variables, each once. */
function chooseColumns(
  { environment, variables = [] }: WildsCsvConfig,
  image: string,
  target: string,
  split: string | null,
): readonly WantedColumn[] {
  if (environment === target || environment === image) {
    throw new HeldoutError({
      code: 'E_DATA_COLUMN',
      message: `'${environment}' is ${environment === target ? 'dataset.target' : 'dataset.image_column'} already`,
      place: 'dataset.environment',
      hints: ['name another column, whose values are sites or domains'],
    });
  }
  const all: readonly WantedColumn[] = [
    { column: image, place: 'dataset.image_column', needed: true },
    { column: target, place: 'dataset.target', needed: true },
    ...(split === null ? [] : [{ column: split, place: 'dataset.split_column', needed: true }]),
    ...(environment == null ? [] : [{ column: environment, place: 'dataset.environment', needed: true }]),
    ...variables.map((column) => ({ column, place: 'dataset.variables', needed: false })),
  ];
  return all.filter(({ column }, at) => all.findIndex((other) => other.column === column) === at);
}

function tabulate(
  {
    config,
    folder,
    rows,
    lost,
    lacking,
    columns,
    cells,
    images,
    target,
    split,
  }: Awaited<ReturnType<typeof prepare>>,
  bad: readonly BadImage[],
): VariableTable {
  const kept = leaveOut(rows, bad, config.skip_corrupt, folder);
  const renamed: Readonly<Record<string, string>> = config.split_names ?? usualSplitNames;
  const data: Record<string, Uint16Array> = {};
  const variables = columns.map((column): Variable => {
    const words = kept.map(({ row }) => {
      const cell = cells[column]![row]!;
      return column === split && Object.hasOwn(renamed, cell) ? renamed[cell]! : cell;
    });
    const name = column === split ? 'part' : column;
    const levels = listLevels(words, column);
    const index = new Map(levels.map((level, at) => [level, at]));
    data[name] = Uint16Array.from(words, (word) => index.get(word)!);
    return { name, kind: 'categorical', levels };
  });
  const { environment } = config;
  const left = lacking === 0 ? '' : `; rows without a value, which are left out: ${lacking}`;
  return {
    ...makeColumns(kept.length, variables, data),
    label: target,
    ...(environment != null && { environment: environment === split ? 'part' : environment }),
    notes: [`${kept.length} images${left}`, ...noteLeftOut(images.length + lost.length, [...lost, ...bad])],
  };
}

function listLevels(words: readonly string[], column: string): readonly string[] {
  const levels = [...new Set(words)];
  if (levels.length < levelLimit) return orderLevels(levels, [...levels.keys()]).map((code) => levels[code]!);
  throw new HeldoutError({
    code: 'E_DATA_LEVELS',
    message: `the column ${column} has more than ${levelLimit} levels`,
    place: 'dataset',
    hints: ['name another column, or put its values together'],
  });
}
