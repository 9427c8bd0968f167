import { identify } from '../../core/hash.js';
import type { VariableTable } from '../../variables/variable.js';
import type { Dataset, DatasetSource } from '../dataset.js';
import { makeImageDataset } from '../images/image-dataset.js';
import { chooseEnvironment, type VariableChoice, type VariableChoices } from '../tabular/choices.js';
import { findNamedFile } from '../tabular/open-table.js';
import { type BadImage, decodeAll, findDecoded } from './images/decoded-cache.js';
import { findImageFiles, type ImageFilesConfig } from './images/image-files.js';
import { leaveOut, noteLeftOut } from './images/leave-out.js';
import { findImage, notThere } from './images/list-images.js';
import { openPixels } from './images/pixel-store.js';
import { type AttributeRows, readRowsOf, tabulateRows, takeRows } from './tables/attribute-table.js';

export interface AttributeFolderConfig extends ImageFilesConfig {
  readonly name: string;
  /** The table of attributes, from the data folder where it is relative. */
  readonly attributes: string;
  /** The column that names images; the first one unless given. */
  readonly image_column?: string | null | undefined;
  readonly target: string;
  /** One of two values, or a list of values against all others; the last one unless given. */
  readonly positive?: string | readonly string[] | null | undefined;
  readonly protected?: string | readonly string[] | undefined;
  readonly protected_positive?: string | readonly string[] | null | undefined;
  readonly variables?: readonly string[] | undefined;
  /** The column whose values are environments. */
  readonly environment?: string | null | undefined;
  /** Images that are drawn from all; all unless given. */
  readonly sample?: number | null | undefined;
  readonly seed?: number | undefined;
}

/** Faces with attributes, as CelebA and FairFace have them: a folder of images and a table. Images are decoded once. */
export const attributeFolder: DatasetSource<AttributeFolderConfig> = {
  /** Images that cannot be decoded are missing only once all were decoded. */
  async table(config, dataFolder) {
    const { rows, lost, images, fit, folder, choices } = await prepare(config, dataFolder);
    const bad = findDecoded(folder, images, fit)?.bad ?? [];
    return tabulate(withoutBad(rows, bad, config, folder), choices, images.length, [...lost, ...bad]);
  },
  async open(config, dataFolder): Promise<Dataset> {
    const { rows, lost, images, fit, folder, choices } = await prepare(config, dataFolder);
    const { pixels, bad, sha256 } = await decodeAll(folder, images, fit);
    const kept = withoutBad(rows, bad, config, folder);
    const table = tabulate(kept, choices, images.length, [...lost, ...bad]);
    const columns = kept.columns.map(({ name, levels, codes }) => [name, levels, codes]);
    return {
      ...makeImageDataset({
        name: 'attribute_folder',
        table,
        images: openPixels(pixels, kept.images.length, fit),
        channels: fit.channels,
        targets: [{ name: choices.target.column, kind: 'binary' }],
        fingerprint: identify(
          { dataset: 'attribute_folder', fit, sha256, columns, variables: table.variables },
          16,
        ),
      }),
      protected: choices.protected.map(({ column }) => column),
    };
  },
};

async function prepare(config: AttributeFolderConfig, dataFolder: string) {
  const { folder, fit } = findImageFiles(config, dataFolder);
  const file = findNamedFile(config.attributes, dataFolder, 'dataset.attributes');
  const choices = chooseVariables(config);
  const read = await readRowsOf(file, choices, {
    imageColumn: config.image_column ?? undefined,
    sample: config.sample ?? undefined,
    seed: config.seed ?? 0,
  });
  const found = read.images.map((image) => findImage(folder, image));
  const lost = read.images.flatMap((path, row) =>
    found[row] === undefined ? [{ path, reason: notThere }] : [],
  );
  return {
    folder,
    choices,
    fit,
    lost,
    rows: withoutBad(read, lost, config, folder),
    images: found.filter((image) => image !== undefined),
  };
}

/** @param found Image files that are there, damaged ones among them. */
function tabulate(
  rows: AttributeRows,
  choices: VariableChoices,
  found: number,
  bad: readonly BadImage[],
): VariableTable {
  const table = tabulateRows(rows, choices);
  const lost = bad.filter(({ reason }) => reason === notThere).length;
  return { ...table, notes: [...(table.notes ?? []), ...noteLeftOut(found + lost, bad)] };
}

function chooseVariables(config: AttributeFolderConfig): VariableChoices {
  const groups = typeof config.protected === 'string' ? [config.protected] : (config.protected ?? []);
  const choose =
    (place: string) =>
    (column: string): VariableChoice => ({ column, place });
  const { target, environment, variables = [] } = config;
  return {
    target: { ...choose('dataset.target')(target), positive: config.positive ?? undefined },
    protected: groups.map(choose('dataset.protected')),
    protectedPositive: config.protected_positive ?? undefined,
    ...chooseEnvironment(environment, target, groups, variables),
  };
}

/** An image that several rows name goes with all of them. */
function withoutBad(
  rows: AttributeRows,
  bad: readonly BadImage[],
  { skip_corrupt }: Pick<AttributeFolderConfig, 'skip_corrupt'>,
  folder: string,
): AttributeRows {
  if (bad.length === 0) return rows;
  const numbered = rows.images.map((path, row) => ({ path, row }));
  return takeRows(
    rows,
    leaveOut(numbered, bad, skip_corrupt, folder).map(({ row }) => row),
  );
}
