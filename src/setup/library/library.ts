import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { HeldoutError } from '../../core/errors.js';
import { canonicalJson } from '../../core/json.js';
import { findLibraryFault } from './elf.js';
import { libraryNames, type Variant } from './release.js';

/** A TensorFlow to build against: fetched by setup, or found elsewhere. */
export interface Library {
  readonly variant: Variant;
  /** As its `dist-info` says; undefined where a TensorFlow has none. */
  readonly version: string | undefined;
  /** The folder that holds `tensorflow/`, and beside it `nvidia/`, where the libraries look for CUDA. */
  readonly site: string;
  /** Bytes of each library, by name: another size means another file, or a part of one. */
  readonly bytes: Readonly<Record<string, number>>;
}

/** Reads what lies in a folder of packages; undefined where a part of TensorFlow is missing. */
export function readLibrary(site: string, variant: Variant): Library | undefined {
  const folder = join(site, 'tensorflow');
  const sizes = libraryNames.map((name) => [
    name,
    statSync(join(folder, name), { throwIfNoEntry: false })?.size,
  ]);
  if (sizes.some(([, size]) => size === undefined)) return undefined;
  if (!existsSync(join(folder, 'include', 'tensorflow', 'c', 'eager', 'c_api.h'))) return undefined;
  return { variant, version: findVersion(site), site, bytes: Object.fromEntries(sizes) };
}

/** Whether the libraries are still the files that were recorded. */
export function isUnchanged(library: Library | undefined, recorded: Library['bytes']): library is Library {
  return library !== undefined && canonicalJson(library.bytes) === canonicalJson(recorded);
}

/** Reads `--from DIR`: the folder of an installed `tensorflow`, or the one that holds it. */
export function readForeignLibrary(folder: string): Library {
  const place = resolve(folder);
  const site = basename(place) === 'tensorflow' ? resolve(place, '..') : place;
  const library = readLibrary(site, 'from');
  if (library !== undefined) {
    refuseDamage(library, `--from ${folder}`);
    return library;
  }
  const missing = [...libraryNames, 'include/tensorflow/c/eager/c_api.h'].filter(
    (name) => !existsSync(join(site, 'tensorflow', name)),
  );
  throw new HeldoutError({
    code: 'E_SETUP_FROM',
    message: existsSync(place)
      ? `this is no TensorFlow as pip installs it: tensorflow/ has no ${missing.join(', no ')}`
      : 'there is no such folder',
    place: `--from ${folder}`,
    hints: [
      'python3 -c "import importlib.util as u; print(u.find_spec(\'tensorflow\').submodule_search_locations[0])"  prints the folder that is wanted',
      'npm run setup  fetches one',
    ],
    exitCode: 2,
  });
}

/** Throws where a library is not whole, or not for this processor. */
export function refuseDamage({ site, bytes }: Library, place: string): void {
  for (const name of Object.keys(bytes)) {
    const fault = findLibraryFault(join(site, 'tensorflow', name));
    if (fault === undefined) continue;
    throw new HeldoutError({
      code: 'E_SETUP_LIBRARY',
      message: `this libtensorflow cannot be used: ${name} ${fault}`,
      place,
      hints: ['npm run setup -- --cpu  fetches one that fits', 'engine.backend=wasm serves without'],
      exitCode: 1,
    });
  }
}

/** The version in the name `tensorflow_cpu-2.21.0.dist-info`. */
function findVersion(site: string): string | undefined {
  return listDistributions(site, /^tensorflow(?:_cpu|_intel|_gpu)?$/)[0]?.version;
}

/** CUDA's libraries in a folder of packages, as pip names them: `nvidia-cudnn-cu12 9.28.0.42`. */
export function listCudaLibraries(site: string): string[] {
  return listDistributions(site, /^nvidia_\w+$/).map(
    ({ name, version }) => `${name.replaceAll('_', '-')} ${version}`,
  );
}

function listDistributions(
  site: string,
  wanted: RegExp,
): { readonly name: string; readonly version: string }[] {
  if (!existsSync(site)) return [];
  return readdirSync(site)
    .sort()
    .flatMap((entry) => {
      const [, name = '', version = ''] = /^([^-]+)-([^-]+)\.dist-info$/.exec(entry) ?? [];
      return wanted.test(name) ? [{ name, version }] : [];
    });
}
