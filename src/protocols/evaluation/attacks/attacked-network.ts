import { setImmediate } from 'node:timers/promises';
import { concat, slice, sub, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/numbers/shape.js';
import type { Dataset } from '../../../datasets/dataset.js';
import type { NamedArray, NamedArrays, TensorMap, Trainer } from '../../../engine/engine.js';
import { softmaxCrossEntropy } from '../../../engine/ops/cross-entropy.js';
import { withInputGradient } from '../../../engine/ops/input-gradient.js';
import { logitsRatio } from '../../../engine/ops/logits-ratio.js';
import type { Attacked, AttackLoss, Slope } from '../../../evaluation/attacks/attacked.js';
import type { Model } from '../../../models/model.js';
import type { Head } from '../../../variables/targets.js';
import { normalise, ofChannels } from '../../training/batches/feed.js';

export interface AttackedOptions {
  readonly trainer: Pick<Trainer, 'inference'>;
  readonly model: Model;
  readonly dataset: Dataset;
  /** The target that is attacked, one with classes. */
  readonly head: Head;
  readonly batchSize: number;
  /** Called after every batch with the number of its examples; may throw to stop. */
  readonly progress?: (examples: number) => void;
}

/** The input of a batch that has the true classes, one-hot. */
const classesName = 'attack/classes';
const losses = { ce: softmaxCrossEntropy, dlr: logitsRatio } as const;

/** A function for networks that attacks may be made on, for one block of examples after another. */
export function openAttacked(options: AttackedOptions): (examples: Uint32Array) => Attacked {
  const { trainer, model, dataset, head, batchSize, progress } = options;
  const shape = dataset.inputs.image!;
  const size = sizeOf(shape);
  const classes = head.kind === 'categorical' ? head.width : 2;
  const level = dataset.table.column(head.name);
  const others = Object.entries(dataset.inputs).filter(([name]) => name !== 'image');
  const scales = ofChannels(dataset.normalise?.scale ?? 1);
  const toLogits = (parameters: TensorMap, batch: TensorMap) =>
    logitsOf(model.apply(parameters, batch).prediction!, head);
  const plain = trainer.inference((parameters, batch) => ({ logits: toLogits(parameters, batch) }));
  const climb = Object.fromEntries(
    Object.entries(losses).map(([name, loss]) => {
      const apply = withInputGradient('image', (parameters, batch) => {
        const logits = toLogits(parameters, batch);
        return { logits, loss: loss(logits, batch[classesName]!) };
      });
      return [name, trainer.inference(apply)];
    }),
  ) as Readonly<Record<AttackLoss, (batch: NamedArrays) => NamedArrays>>;

  const allocate = (width: readonly number[]): NamedArray => ({
    shape: [batchSize, ...width],
    data: new Float32Array(batchSize * sizeOf(width)),
  });
  const image = allocate(shape);
  const truth = allocate([classes]);
  const rest = Object.fromEntries(others.map(([name, width]) => [name, allocate(width)]));

  return (examples) => {
    /** Runs the rows in batches of one size: the last is filled up with its last row. */
    const forBatches = async (
      images: Float32Array,
      rows: Uint32Array,
      read: (batch: NamedArrays, take: (put: (row: number, place: number) => void) => void) => void,
    ) => {
      for (let start = 0; start < rows.length; start += batchSize) {
        const part = rows.subarray(start, start + batchSize);
        const filled = new Uint32Array(batchSize).fill(part.at(-1)!);
        filled.set(part);
        truth.data.fill(0);
        for (const [place, row] of filled.entries()) {
          image.data.set(images.subarray(row * size, (row + 1) * size), place * size);
          truth.data[place * classes + level[examples[row]!]!] = 1;
        }
        normalise(image.data as Float32Array, dataset.normalise);
        const own = filled.map((row) => examples[row]!);
        for (const [name, { data }] of Object.entries(rest)) dataset.fill(name, own, data as Float32Array);
        read({ image, [classesName]: truth, ...rest }, (put) => {
          for (const [place, row] of part.entries()) put(row, place);
        });
        await setImmediate();
        progress?.(part.length);
      }
    };
    const judge =
      (logits: NamedArray, out: Pick<Slope, 'right' | 'margin'>) => (row: number, place: number) => {
        const own = logits.data.subarray(place * classes, (place + 1) * classes);
        const { margin, isRight } = compareLogits(own, level[examples[row]!]!);
        out.margin[row] = margin;
        out.right[row] = isRight ? 1 : 0;
      };
    return {
      count: examples.length,
      shape: [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1],
      classes,
      answer: (images, rows, out) =>
        forBatches(images, rows, ({ [classesName]: _truth, ...batch }, take) =>
          take(judge(plain(batch).logits!, out)),
        ),
      climb: (loss, images, rows, out) =>
        forBatches(images, rows, (batch, take) => {
          const found = climb[loss](batch);
          const put = judge(found.logits!, out);
          const gradient = found.gradient!.data;
          take((row, place) => {
            put(row, place);
            out.loss[row] = found.loss!.data[place]!;
            for (let at = 0; at < size; at++)
              out.gradient[row * size + at] = gradient[place * size + at]! / scales[at % scales.length]!;
          });
        }),
    };
  };
}

/** A logit for each class; a binary target's are 0 and its output less its threshold, as in predictions. */
function logitsOf(prediction: Tensor, { kind, start, width, threshold = 0 }: Head): Tensor {
  const own = slice(prediction, [0, start], [-1, width]);
  if (kind !== 'binary') return own;
  return concat([zerosLike(own), threshold === 0 ? own : sub(own, threshold)], 1);
}

/** By which the true class is ahead of the others; of equal logits, the first is the answer. */
function compareLogits(logits: ArrayLike<number>, truth: number): { margin: number; isRight: boolean } {
  let [other, isRight] = [Number.NEGATIVE_INFINITY, true];
  const own = logits[truth]!;
  for (let at = 0; at < logits.length; at++) {
    if (at === truth) continue;
    other = Math.max(other, logits[at]!);
    if (logits[at]! > own || (logits[at] === own && at < truth)) isRight = false;
  }
  return { margin: own - other, isRight };
}
