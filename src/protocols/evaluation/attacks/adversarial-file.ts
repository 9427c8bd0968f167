import { HeldoutError } from '../../../core/errors.js';
import type { Dataset } from '../../../datasets/dataset.js';
import type { NamedArray, NamedArrays } from '../../../engine/engine.js';
import type { Attack } from '../../../evaluation/attacks/attack-all.js';
import type { Attacked } from '../../../evaluation/attacks/attacked.js';
import type { AttackSize } from '../../../evaluation/attacks/sizes.js';
import { verifyImages } from '../../../evaluation/attacks/verify.js';
import { decodeSafetensors, encodeSafetensors } from '../../../runs/checkpoints/safetensors.js';

/**
 * Images that fool a network, in `attacks.safetensors` of its run: `SET/KIND/SIZE/image` `[n, height, width, channels]`,
 * float32 in [0, 1], and `SET/KIND/SIZE/example` `[n]`, int32, the examples of the dataset that they were made of. The size
 * has `_` for `/`.
 */
export function collectImages(
  set: string,
  examples: Uint32Array,
  shape: readonly number[],
  attacks: readonly Pick<Attack, 'kind' | 'size' | 'images' | 'fooled'>[],
): NamedArrays {
  const arrays: Record<string, NamedArray> = {};
  for (const { kind, size, images, fooled } of attacks) {
    const name = nameOf(set, kind, size);
    const numbers = images.length / examples.length;
    const data = new Float32Array(fooled.length * numbers);
    for (const [at, row] of fooled.entries())
      data.set(images.subarray(row * numbers, (row + 1) * numbers), at * numbers);
    arrays[`${name}/image`] = { shape: [fooled.length, ...shape], data };
    arrays[`${name}/example`] = {
      shape: [fooled.length],
      data: Int32Array.from(fooled, (row) => examples[row]!),
    };
  }
  return arrays;
}

/** Blocks of images of the same sets, kinds and sizes, one after the other. */
export function joinImages(blocks: readonly NamedArrays[]): NamedArrays {
  const names = [...new Set(blocks.flatMap((block) => Object.keys(block)))];
  return Object.fromEntries(
    names.map((name) => {
      const parts = blocks.flatMap((block) => block[name] ?? []);
      const { shape, data: first } = parts[0]!;
      const total = parts.reduce((sum, { data }) => sum + data.length, 0);
      const data = first instanceof Int32Array ? new Int32Array(total) : new Float32Array(total);
      let at = 0;
      for (const part of parts) {
        data.set(part.data, at);
        at += part.data.length;
      }
      const rows = parts.reduce((sum, part) => sum + part.shape[0]!, 0);
      return [name, { shape: [rows, ...shape.slice(1)], data }];
    }),
  );
}

export function encodeImages(arrays: NamedArrays, run: string): Buffer {
  return encodeSafetensors(arrays, { run });
}

/** Images of one attack on one set. */
interface Group {
  readonly set: string;
  readonly kind: string;
  readonly size: AttackSize;
}

/**
 * Looks anew at each image of a file that is to be written. Throws HeldoutError where a group is not in it, and where an
 * image is not in the ball around its example, has numbers outside of [0, 1], or is answered right.
 *
 * @param open The network, with examples.
 */
export async function requireFooling(
  file: Buffer,
  path: string,
  groups: readonly Group[],
  dataset: Dataset,
  open: (examples: Uint32Array) => Attacked,
): Promise<void> {
  const { arrays } = decodeSafetensors(file, path);
  for (const { set, kind, size } of groups) {
    const name = nameOf(set, kind, size);
    const [image, example] = [arrays[`${name}/image`], arrays[`${name}/example`]];
    if (image === undefined || example === undefined) {
      throw refuse(path, `there are no images of ${kind}, size ${size.label}, for the set ${set}`);
    }
    const examples = Uint32Array.from(example.data);
    const images = Float32Array.from(image.data);
    const clean = new Float32Array(images.length);
    dataset.fill('image', examples, clean);
    const rows = Uint32Array.from(examples.keys());
    const refuted = await verifyImages(open(examples), clean, images, rows, size.ball);
    const [first] = refuted;
    if (first === undefined) continue;
    throw refuse(
      path,
      `${refuted.size} of ${examples.length} images of ${name} do not hold; of example ${examples[first[0]]}: ${first[1]}`,
    );
  }
}

function nameOf(set: string, kind: string, { label }: AttackSize): string {
  return `${set}/${kind}/${label.replaceAll('/', '_')}`;
}

function refuse(place: string, message: string): HeldoutError {
  return new HeldoutError({
    code: 'E_ATTACK_IMAGES',
    message,
    place,
    hints: ['npm run experiment -- evaluate RUN ++evaluation.attacks.save=true  (attacks anew)'],
    exitCode: 1,
  });
}
