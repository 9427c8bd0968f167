import { type AugmentOptions, createAugmentation } from '../../../augment/index.js';
import { HeldoutError } from '../../../core/errors.js';
import type { Dataset } from '../../../datasets/dataset.js';
import type { NamedArrays } from '../../../engine/engine.js';
import { countOutputs, type Head, layOutHeads } from '../../../variables/targets.js';
import type { Columns } from '../groups/columns.js';
import { createFeed, normalise } from './feed.js';

/**
 * Batches whose images are changed at random, by the seed, the step and the place in the batch. Where images are
 * mixed, there is also `soft_target` `[batch, outputs]`: the shares of the classes, of a binary head that of level 1.
 * Arrays are written over by the next call. Throws HeldoutError where the dataset has no images.
 */
export function createAugmentedFeed(
  dataset: Dataset,
  batchSize: number,
  options: AugmentOptions,
  seed: number,
  columns: Columns = {},
): (examples: Uint32Array, step: number) => NamedArrays {
  const { normalise: how, ...unchanged } = dataset;
  const feed = createFeed(unchanged, batchSize, columns);
  const augmentation = createAugmentation(options, imageShape(dataset), seed);
  const heads = layOutHeads(dataset.table, dataset.targets);
  const shape = [batchSize, countOutputs(heads)];
  const soft = { shape, data: new Float32Array(batchSize * shape[1]!) };
  return (examples, step) => {
    const batch = feed.fill(examples);
    const images = batch.image!.data as Float32Array;
    const share = augmentation.apply(images, step, (image) => normalise(image, how));
    if (options.mix === null) return batch;
    shareClasses(batch.target!.data, heads, share, soft.data);
    return { ...batch, soft_target: soft };
  };
}

function imageShape({ name, inputs }: Dataset): readonly [number, number, number] {
  const [height, width, channels] = inputs.image ?? [];
  if (height !== undefined && width !== undefined && (channels === 1 || channels === 3)) {
    return [height, width, channels];
  }
  throw new HeldoutError({
    code: 'E_AUGMENT_INPUT',
    message: `the dataset ${name} has no images to augment`,
    place: 'training.augment',
    hints: ['training/augment=null'],
  });
}

/** Every example has its own classes by `share`, and by the rest those of the one as far from the end. */
function shareClasses(
  targets: ArrayLike<number>,
  heads: readonly Head[],
  share: number,
  out: Float32Array,
): void {
  out.fill(0);
  const count = targets.length / heads.length;
  const width = out.length / count;
  for (let example = 0; example < count; example++) {
    heads.forEach(({ kind, start }, at) => {
      const add = (of: number, part: number) => {
        const level = targets[of * heads.length + at]!;
        const first = example * width + start;
        if (kind === 'binary') out[first]! += part * level;
        else out[first + level]! += part;
      };
      add(example, share);
      add(count - 1 - example, 1 - share);
    });
  }
}
