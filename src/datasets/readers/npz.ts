import { dataError } from './data-error.js';
import { type NpyArray, readNpy } from './npy.js';
import { readZipDirectory, readZipEntry, type ZipEntry } from './zip.js';

/** Finds the archive entry of an array of a `.npz` file. Throws when there is no array of that name. */
export function findNpzEntry(path: string, name: string): ZipEntry {
  const entries = readZipDirectory(path);
  const entry = entries.get(`${name}.npy`);
  if (entry === undefined) {
    const names = [...entries.keys()].map((key) => key.replace(/\.npy$/, ''));
    throw dataError(path, `there is no array '${name}' among ${names.join(', ') || 'none'}`);
  }
  return entry;
}

/** Reads one array of a `.npz` file. */
export async function readNpz(path: string, name: string): Promise<NpyArray> {
  return readNpy(await readZipEntry(path, findNpzEntry(path, name)), `${path}:${name}`);
}
