import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { monotonicSeconds } from '../../core/clock.js';
import { HeldoutError } from '../../core/errors.js';
import {
  makeFolder,
  readTextIfThere,
  removeAtomic,
  renameDurably,
  temporaryName,
  writeFileAtomic,
} from '../../core/files/files.js';
import { formatBytes } from '../../core/numbers/bytes.js';
import { libraryFolder, nearestFolder, type Places } from '../places.js';
import { isUnchanged, type Library, readLibrary, refuseDamage } from './library.js';
import { download, type Pip } from './pip.js';
import { distributions, type FetchedVariant, release } from './release.js';
import { requirementsOfExtra } from './requirements.js';
import { readMetadata, unpackWheel } from './unpack.js';

export interface Fetched {
  readonly library: Library;
  readonly downloaded: { readonly bytes: number; readonly seconds: number };
  readonly unpacked: { readonly bytes: number; readonly seconds: number };
}

/** Beside what was fetched: the sizes of its libraries. */
const recordName = 'library.json';

/** What was fetched before and is still whole, or undefined. */
export function findFetched(places: Places, variant: FetchedVariant): Library | undefined {
  const folder = libraryFolder(places, variant);
  const recorded = readTextIfThere(join(folder, recordName));
  const library = readLibrary(folder, variant);
  return recorded !== undefined && isUnchanged(library, JSON.parse(recorded)) ? library : undefined;
}

/** Throws where the disk has too little room. */
export function refuseFullDisk(places: Places, variant: FetchedVariant): void {
  const folder = nearestFolder(places.folder);
  const { bavail, bsize } = statfsSync(folder);
  const { diskBytes } = distributions[variant];
  if (bavail * bsize >= diskBytes) return;
  throw new HeldoutError({
    code: 'E_SETUP_DISK',
    message: `disk space is missing: ${distributions[variant].name} needs ${formatBytes(diskBytes)} while it is unpacked, ${formatBytes(bavail * bsize)} are free`,
    place: folder,
    hints: ['free some space, or put the cache elsewhere: HELDOUT_CACHE=DIR npm run setup'],
    exitCode: 1,
  });
}

/**
 * Downloads and unpacks a TensorFlow into the cache. All happens in a temporary folder beside the final one, whose
 * name appears when it is whole; after a failure nothing is left.
 */
export async function fetchLibrary(
  places: Places,
  variant: FetchedVariant,
  pip: Pip,
  signal: AbortSignal,
): Promise<Fetched> {
  const folder = libraryFolder(places, variant);
  const temporary = temporaryName(folder);
  const site = join(temporary, 'site');
  const downloaded = { bytes: 0, seconds: 0 };
  const unpacked = { bytes: 0, seconds: 0 };
  const take = async (requirements: readonly string[]): Promise<string> => {
    const start = monotonicSeconds();
    const [wheelFolder, scratch] = [join(temporary, 'wheels'), join(temporary, 'scratch')];
    const { wheels, bytes } = await download(pip, requirements, wheelFolder, scratch, signal);
    const middle = monotonicSeconds();
    const metadata = await readMetadata(wheels[0] ?? '');
    for (const wheel of wheels) {
      unpacked.bytes += await unpackWheel(wheel, site, isNeeded, signal);
      rmSync(wheel);
    }
    downloaded.bytes += bytes;
    downloaded.seconds += middle - start;
    unpacked.seconds += monotonicSeconds() - middle;
    return metadata;
  };
  try {
    makeFolder(places.folder);
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(site, { recursive: true });
    const metadata = await take([`${distributions[variant].name}==${release.version}`]);
    if (variant === 'cuda') await take(requirementsOfExtra(metadata, 'and-cuda'));
    const found = readLibrary(site, variant);
    if (found === undefined) throw refuseContent(variant);
    refuseDamage(found, distributions[variant].name);
    writeFileAtomic(join(site, recordName), JSON.stringify(found.bytes));
    removeAtomic(folder);
    renameDurably(site, folder);
    return { library: { ...found, site: folder }, downloaded, unpacked };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The libraries, the headers of their C interface, and what CUDA needs when it runs. */
export function isNeeded(path: string): boolean {
  if (/^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/.test(path)) return true;
  if (/^tensorflow\/include\/(tensorflow\/c|xla\/tsl\/c|tsl\/c)\/.*\.h$/.test(path)) return true;
  if (/^tensorflow\/include\/.*\/ctstring(_internal)?\.h$/.test(path)) return true;
  if (/^[^/]+\.dist-info\/METADATA$/.test(path)) return true;
  // ptxas and libdevice are for XLA; static libraries and the spare compiler are not for programs that run.
  if (/^nvidia\/cuda_nvcc\/(bin|nvvm)\//.test(path)) return true;
  return /^nvidia\/[^/]+\/lib\//.test(path) && !/\.a$|\.alt\.so|\.py$/.test(basename(path));
}

function refuseContent(variant: FetchedVariant): HeldoutError {
  return new HeldoutError({
    code: 'E_SETUP_CONTENT',
    message: `the wheel of ${distributions[variant].name} ${release.version} lacks the libraries or the headers`,
    hints: ['PIP_INDEX_URL=https://pypi.org/simple npm run setup  (another index may hold another build)'],
    exitCode: 1,
  });
}
