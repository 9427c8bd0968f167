import { identify } from '../../core/hash.js';
import { makeColumns } from '../../variables/columns.js';
import type { VariableTable } from '../../variables/variable.js';
import type { DatasetSource } from '../dataset.js';
import { makeImageDataset } from '../images/image-dataset.js';
import { type BadImage, decodeAll, findDecoded } from './images/decoded-cache.js';
import { findImageFiles, type ImageFilesConfig } from './images/image-files.js';
import { leaveOut, noteLeftOut } from './images/leave-out.js';
import { type ListedImage, listImages } from './images/list-images.js';
import { openPixels } from './images/pixel-store.js';

export interface ImageFolderConfig extends ImageFilesConfig {
  readonly name: string;
  /** The variables that its folders are, from above, the last one `class`: `domain/class`. */
  readonly layout?: string | undefined;
}

/** Images in folders that are levels of variables, decoded once. */
export const imageFolder: DatasetSource<ImageFolderConfig> = {
  /** Images that cannot be decoded are missing only once all were decoded. */
  table(config, dataFolder) {
    const { folder, fit, variables } = describe(config, dataFolder);
    const images = listImages(folder, variables);
    const bad = findDecoded(folder, images, fit)?.bad ?? [];
    return makeTable(leaveOut(images, bad, config.skip_corrupt, folder), variables, bad);
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
      table: makeTable(kept, variables, bad),
      images: openPixels(pixels, kept.length, fit),
      channels: fit.channels,
      fingerprint,
    });
  },
};

function describe(config: ImageFolderConfig, dataFolder: string) {
  const { layout = 'class' } = config;
  return { ...findImageFiles(config, dataFolder), variables: layout.split('/') };
}

function makeTable(
  images: readonly ListedImage[],
  names: readonly string[],
  bad: readonly BadImage[],
): VariableTable {
  const columns: Record<string, Uint16Array> = {};
  const variables = names.map((name, at) => {
    const levels = [...new Set(images.map((image) => image.levels[at]!))].sort();
    const index = new Map(levels.map((level, code) => [level, code]));
    columns[name] = Uint16Array.from(images, (image) => index.get(image.levels[at]!)!);
    return { name, kind: 'categorical' as const, levels };
  });
  const table = makeColumns(images.length, variables, columns);
  const notes = noteLeftOut(images.length + bad.length, bad);
  return {
    ...table,
    label: 'class',
    ...(names.includes('domain') && { environment: 'domain' }),
    ...(notes.length > 0 && { notes }),
  };
}
