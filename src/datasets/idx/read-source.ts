import { HeldoutError } from '../../core/errors.js';
import { locateDataFile } from '../data-files.js';
import { type CifarLayout, readCifarImages, readCifarLabels } from '../readers/cifar.js';
import { dataError } from '../readers/data-error.js';
import { type IdxArray, readIdx } from '../readers/idx.js';
import { binaryPathsOf, type IdxPair, type IdxSource, pathsOf } from './sources.js';

/**
 * Class of every example of a pair, of idx files or else of the binary version. Throws HeldoutError where one of the pair's files is missing, or the labels are
 * damaged or not of these classes.
 */
export function readLabels(source: IdxSource, pair: IdxPair, dataFolder: string): Uint8Array {
  const { path, data } = readOwnLabels(source, pair, dataFolder);
  const wrong = data.find((label) => label >= source.classes.length);
  if (wrong !== undefined) {
    throw dataError(path, `${source.name} has ${source.classes.length} classes, and none is ${wrong}`);
  }
  return data;
}

function readOwnLabels(
  source: IdxSource,
  pair: IdxPair,
  dataFolder: string,
): { readonly path: string; readonly data: Uint8Array } {
  const binaries = findBinaries(source, pair, dataFolder);
  if (binaries !== undefined) {
    const { paths, layout } = binaries;
    return { path: paths[0]!, data: joinBytes(paths.map((path) => readCifarLabels(path, layout))) };
  }
  locate(source, pair.images, dataFolder);
  const path = locate(source, pair.labels, dataFolder);
  const { shape, data } = readIdx(path);
  if (shape.length !== 1) throw dataError(path, `labels have one axis, not ${shape.length}`);
  return { path, data };
}

/**
 * Images of a pair, `[examples, side, side]` or `[examples, side, side, 3]`. Throws HeldoutError where the file is
 * missing, damaged, or of other images than there are labels for.
 */
export function readImages(source: IdxSource, pair: IdxPair, count: number, dataFolder: string): IdxArray {
  const binaries = findBinaries(source, pair, dataFolder);
  if (binaries !== undefined) {
    const data = joinBytes(binaries.paths.map((path) => readCifarImages(path, binaries.layout)));
    return { shape: [count, source.side, source.side, 3], data };
  }
  const path = locate(source, pair.images, dataFolder);
  const images = readIdx(path);
  const [examples, height, width, channels = 1, ...rest] = images.shape;
  const { side } = source;
  if (height !== side || width !== side || ![1, 3].includes(channels) || rest.length > 0) {
    throw dataError(
      path,
      `images of ${source.name} are ${side} x ${side}, but this array is ${images.shape.join(' x ')}`,
    );
  }
  if (examples !== count) throw dataError(path, `there are ${examples} images and ${count} labels`);
  return images;
}

/** Files of the binary version, all of them, where there is one and the idx file of images is not there. */
function findBinaries(
  source: IdxSource,
  { images, binaries = [] }: IdxPair,
  dataFolder: string,
): { readonly paths: readonly string[]; readonly layout: CifarLayout } | undefined {
  if (source.binary === undefined) return undefined;
  if (locateDataFile(dataFolder, { paths: pathsOf(source, images) }).found !== undefined) return undefined;
  const found = binaries.map(
    (file) => locateDataFile(dataFolder, { paths: binaryPathsOf(source, file) }).found,
  );
  if (found.every((path) => path === undefined)) return undefined;
  const lost = binaries[found.indexOf(undefined)];
  if (lost !== undefined) throw missing(source, lost, binaryPathsOf(source, lost)[0]!, dataFolder);
  return { paths: found.filter((path) => path !== undefined), layout: source.binary };
}

function locate(source: IdxSource, file: string, dataFolder: string): string {
  const paths = pathsOf(source, file);
  const { found } = locateDataFile(dataFolder, { paths });
  if (found !== undefined) return found;
  throw missing(source, file, `${paths[0]} (or without .gz)`, dataFolder);
}

function missing(source: IdxSource, file: string, where: string, dataFolder: string): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_MISSING',
    message: `the file ${file} of ${source.name} is not in ${dataFolder}`,
    place: 'dataset.name',
    hints: [
      `put it there as ${where}, with the other files of ${source.name}, from ${source.address}`,
      'HELDOUT_DATA=FOLDER names another data folder',
    ],
  });
}

/** One after the other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}
