import { type Dirent, readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { HeldoutError } from '../../../core/errors.js';
import { explainFileError } from '../../../core/files/file-errors.js';

/** An image file of a folder whose folders are levels of variables. */
export interface ListedImage {
  /** From the folder, with `/`. */
  readonly path: string;
  /** Names of the folders above it, one per variable. */
  readonly levels: readonly string[];
  /** What tells whether the file is another by now. */
  readonly bytes: number;
  readonly modified: number;
}

const extensions = new Set(['.jpg', '.jpeg', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif']);

/**
 * All images below a folder, sorted by path: those of `train/cat` come before those of `train/dog`. The first folders
 * are the levels of the variables; what lies deeper belongs to the last of them (`cat/images/1.png`). Other files
 * and names that begin with a dot are passed over; links are followed. Throws HeldoutError where there are none.
 */
export function listImages(folder: string, variables: readonly string[]): readonly ListedImage[] {
  const listed: ListedImage[] = [];
  const visit = (below: readonly string[]): void => {
    const entries = readFolder(join(folder, ...below));
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith('.')) continue;
      const path = [...below, entry.name];
      const isImage = extensions.has(extname(entry.name).toLowerCase());
      if (entry.isFile() && !isImage) continue;
      const stats = statSync(join(folder, ...path), { throwIfNoEntry: false });
      if (stats?.isDirectory()) visit(path);
      else if (isImage && stats?.isFile() && below.length >= variables.length) {
        const levels = below.slice(0, variables.length);
        listed.push({ path: path.join('/'), levels, bytes: stats.size, modified: stats.mtimeMs });
      }
    }
  };
  visit([]);
  if (listed.length > 0) return listed;
  throw new HeldoutError({
    code: 'E_DATA_MISSING',
    message: `there is no image in folders ${variables.join('/')}/ of ${folder}`,
    place: 'dataset.layout',
    hints: [
      `put images there as ${variables.map((name) => name.toUpperCase()).join('/')}/NAME.jpg`,
      'dataset.layout=domain/class  (which variables the folders are, from above)',
      `files that end in ${[...extensions].join(', ')} are images`,
    ],
  });
}

/** Why a file that a table names is bad where there is none. */
export const notThere = 'not there';

/** An image that a table names, from its folder; undefined where there is no such file. */
export function findImage(folder: string, path: string): ListedImage | undefined {
  const stats = statSync(join(folder, path), { throwIfNoEntry: false });
  if (!stats?.isFile()) return undefined;
  return { path, levels: [], bytes: stats.size, modified: stats.mtimeMs };
}

function readFolder(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw explainFileError(error, path, 'read');
  }
}
