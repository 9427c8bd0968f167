import { createFastStream, openKeys } from '../../random/fast-stream.js';
import { type Answers, type Attacked, createFound, sizeOfImage } from './attacked.js';
import { type AttackKind, attemptKind, isRandom } from './kinds.js';
import type { AttackSize } from './sizes.js';
import { verifyImages } from './verify.js';

export interface AttackOptions {
  readonly kinds: readonly AttackKind[];
  readonly sizes: readonly AttackSize[];
  /** Of the kinds that climb. */
  readonly steps: number;
  /** Of the kind that asks. */
  readonly queries: number;
  readonly restarts: number;
  /** Of all draws. */
  readonly seed: number;
  /** Called after every attack with the number of its examples. */
  readonly progress?: (examples: number) => void;
}

/** What attacks on some examples came to. */
export interface Attacks {
  /** 1 where the network is right about the image as it is. */
  readonly clean: Uint8Array;
  /** Size by size, kind by kind. */
  readonly attacks: readonly Attack[];
}

/** What the attacks of a kind and size came to. */
export interface Attack {
  readonly kind: AttackKind;
  readonly size: AttackSize;
  /** 1 where the network is right about the image, and about all that was tried in its place. */
  readonly right: Uint8Array;
  /** Images that fool it, and the rows that have one. */
  readonly images: Float32Array;
  readonly fooled: Uint32Array;
  /** Images that fooled it while it was attacked, and not when they were looked at anew. */
  readonly refuted: number;
}

/** At most so many numbers of images at once: an attack keeps some eight arrays of that size. */
const numbersAtOnce = 2 ** 22;

/** How many examples are attacked at once, so that memory suffices: a multiple of the batch size. */
export function examplesAtOnce(numbers: number, batchSize: number): number {
  return Math.max(1, Math.floor(numbersAtOnce / numbers / batchSize)) * batchSize;
}

/**
 * Attacks what the network gets right, by every kind and size. Whatever fools it is looked at anew, and does not count
 * where that does not confirm it.
 *
 * @param names What draws of an example are named by: its number in the dataset.
 */
export async function attackAll(
  attacked: Attacked,
  clean: Float32Array,
  names: Uint32Array,
  options: AttackOptions,
): Promise<Attacks> {
  const { kinds, sizes, progress } = options;
  const before: Answers = { right: new Uint8Array(attacked.count), margin: new Float64Array(attacked.count) };
  await attacked.answer(clean, Uint32Array.from(names.keys()), before);
  const attacks: Attack[] = [];
  for (const size of sizes) {
    for (const kind of kinds) {
      attacks.push(await attackBy(kind, size, { attacked, clean, names, before: before.right, options }));
      progress?.(attacked.count);
    }
  }
  return { clean: before.right, attacks };
}

interface Given {
  readonly attacked: Attacked;
  readonly clean: Float32Array;
  readonly names: Uint32Array;
  /** 1 where the network is right about the image itself. */
  readonly before: Uint8Array;
  readonly options: AttackOptions;
}

async function attackBy(
  kind: AttackKind,
  size: AttackSize,
  { attacked, clean, names, before, options }: Given,
): Promise<Attack> {
  const { steps, queries, seed } = options;
  const numbers = sizeOfImage(attacked);
  const { images } = createFound(attacked, clean);
  const right = before.slice();
  const draws = createFastStream(openKeys(seed, 'attack', kind));
  let refuted = 0;
  const restarts = isRandom(kind) ? options.restarts : 1;
  for (let restart = 0; restart < restarts; restart++) {
    const rows = Uint32Array.from(right.keys()).filter((row) => right[row] === 1);
    if (rows.length === 0) break;
    const found = await attemptKind(kind, {
      ...{ attacked, clean, rows },
      ball: size.ball,
      steps: kind === 'square' ? queries : steps,
      untilFooled: true,
      draw(row, step) {
        draws.place(names[row]!, restart * 2 ** 20 + step);
        return draws;
      },
    });
    const fooled = rows.filter((row) => found.fooled[row] === 1);
    const wrong = await verifyImages(attacked, clean, found.images, fooled, size.ball);
    refuted += wrong.size;
    for (const row of fooled) {
      if (wrong.has(row)) continue;
      right[row] = 0;
      images.set(found.images.subarray(row * numbers, (row + 1) * numbers), row * numbers);
    }
  }
  const fooled = Uint32Array.from(right.keys()).filter((row) => before[row] === 1 && right[row] === 0);
  return { kind, size, right, images, fooled, refuted };
}
