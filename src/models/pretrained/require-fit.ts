import { HeldoutError } from '../../core/errors.js';
import { type Own, shapeThere, type WeightsFile } from './counterpart.js';
import { guessModel } from './guess-model.js';
import { gridOf } from './resize-positions.js';

/** Counters of batches, which PyTorch keeps beside the statistics. */
const uncounted = /\.num_batches_tracked$/;
const listed = 4;

/**
 * Throws HeldoutError that lists what of a model a file lacks, what it has beyond, and what is shaped otherwise.
 * @param all Parameters of the model.
 * @param taken Those that are to come from the file.
 */
export function requireFit(
  all: readonly Own[],
  taken: readonly Own[],
  { path, shapes }: WeightsFile,
  model: string,
): void {
  const known = new Set(all.map(({ there }) => there.name));
  const missing = taken.filter(({ there }) => !(there.name in shapes)).map(({ there }) => there.name);
  const beyond = Object.keys(shapes).filter((name) => !known.has(name) && !uncounted.test(name));
  const otherwise = taken.flatMap(({ name, shape, there }) => {
    const [found, wanted] = [shapes[there.name], shapeThere(shape, there)];
    if (found === undefined || fits(name, found, wanted)) return [];
    return [`${there.name} [${found.join(', ')}] for [${wanted.join(', ')}]`];
  });
  const problems = [
    list('it lacks', [...new Set(missing)]),
    list('it has beyond', beyond),
    list('it has otherwise', [...new Set(otherwise)]),
  ].filter((text) => text !== '');
  if (problems.length === 0) return;
  throw new HeldoutError({
    code: 'E_WEIGHTS_FIT',
    message: `the weights in ${path} are not those of the model ${model}: ${problems.join('; ')}`,
    place: 'model.weights',
    hints: [
      ...otherChannels(taken, shapes),
      (missing.length + otherwise.length > 0 ? guessWords(shapes) : undefined) ??
        "model.weights takes what timm and torchvision call resnet, and timm's vit and deit, without further parts",
    ],
    exitCode: 1,
  });
}

function guessWords(shapes: WeightsFile['shapes']): string | undefined {
  const words = guessModel(shapes);
  return words === undefined ? undefined : `${words}  (by the names and shapes in the file)`;
}

/** Files are for images in colour, usually. */
function otherChannels(taken: readonly Own[], shapes: WeightsFile['shapes']): readonly string[] {
  const { shape, there } = taken.find(({ there: { layout } }) => layout === 'convolution')!;
  const channels = shapes[there.name]?.[1];
  if (channels === undefined || channels === shape[2]) return [];
  return [`dataset.channels=${channels}  (channels of the images that the file is for)`];
}

/** The same numbers in the same order; of positions, a square of patches of any size. */
function fits(name: string, found: readonly number[], wanted: readonly number[]): boolean {
  const trimmed = found.slice(found.findIndex((size, at) => size !== 1 || at === found.length - 1));
  if (name === 'positions') {
    return trimmed.length === 2 && trimmed[1] === wanted[1] && Number.isInteger(gridOf(trimmed)[0]);
  }
  const own = wanted.slice(wanted.findIndex((size, at) => size !== 1 || at === wanted.length - 1));
  return trimmed.length === own.length && trimmed.every((size, at) => size === own[at]);
}

function list(what: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > listed ? ` and ${names.length - listed} more` : '';
  return `${what} ${names.slice(0, listed).join(', ')}${more}`;
}
