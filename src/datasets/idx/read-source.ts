import { HeldoutError } from '../../core/errors.js';
import { locateDataFile } from '../data-files.js';
import { dataError } from '../readers/data-error.js';
import { type IdxArray, readIdx } from '../readers/idx.js';
import { type IdxPair, type IdxSource, pathsOf } from './sources.js';

/**
 * Class of every example of a pair. Throws HeldoutError where one of the pair's files is missing, or the labels are
 * damaged or not of these classes.
 */
export function readLabels(source: IdxSource, pair: IdxPair, dataFolder: string): Uint8Array {
  locate(source, pair.images, dataFolder);
  const path = locate(source, pair.labels, dataFolder);
  const { shape, data } = readIdx(path);
  if (shape.length !== 1) throw dataError(path, `labels have one axis, not ${shape.length}`);
  const wrong = data.find((label) => label >= source.classes.length);
  if (wrong !== undefined) {
    throw dataError(path, `${source.name} has ${source.classes.length} classes, and none is ${wrong}`);
  }
  return data;
}

/**
 * Images of a pair, `[examples, side, side]` or `[examples, side, side, 3]`. Throws HeldoutError where the file is
 * missing, damaged, or of other images than there are labels for.
 */
export function readImages(source: IdxSource, pair: IdxPair, count: number, dataFolder: string): IdxArray {
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

function locate(source: IdxSource, file: string, dataFolder: string): string {
  const paths = pathsOf(source, file);
  const { found } = locateDataFile(dataFolder, { paths });
  if (found !== undefined) return found;
  throw new HeldoutError({
    code: 'E_DATA_MISSING',
    message: `the file ${file} of ${source.name} is not in ${dataFolder}`,
    place: 'dataset.name',
    hints: [
      `put it there as ${paths[0]} (or without .gz), with the other files of ${source.name}, from ${source.address}`,
      'HELDOUT_DATA=FOLDER names another data folder',
    ],
  });
}
