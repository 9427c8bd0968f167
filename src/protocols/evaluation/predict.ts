import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../../datasets/dataset.js';
import type { NamedArrays, Trainer } from '../../engine/engine.js';
import type { Model } from '../../models/model.js';
import { createFeed } from '../training/batches/feed.js';

/** Outputs `[examples, outputs]`, row-major, of whatever predicts: a network or a constant. */
export type Predictor = (examples: Uint32Array) => Float32Array | Promise<Float32Array>;

export interface PredictorOptions {
  readonly trainer: Pick<Trainer, 'inference'>;
  readonly model: Model;
  readonly dataset: Dataset;
  readonly batchSize: number;
  /** Of every example of the dataset a number, where only examples of the same one may share a batch. */
  readonly apart?: ArrayLike<number> | undefined;
  /** Called after every batch with the number of examples done in this call; may throw to stop. */
  readonly progress?: (done: number) => void;
}

/**
 * Predicts with the trainer's current parameters in batches of one size: the last one is filled up with
 * its first ones again, and what belongs to the filling is cut off.
 */
export function createPredictor(options: PredictorOptions): Predictor {
  const predict = options.trainer.inference(options.model.apply);
  return readBatches(options, (batch) => predict(batch).prediction!.data);
}

/** Rows, side by side, of what a function makes of a batch of examples: as many numbers of each. */
export function readBatches(
  options: Pick<PredictorOptions, 'dataset' | 'batchSize' | 'apart' | 'progress'>,
  read: (batch: NamedArrays, examples: Uint32Array) => ArrayLike<number> | Promise<ArrayLike<number>>,
): Predictor {
  const { dataset, batchSize } = options;
  const feed = createFeed(dataset, batchSize);
  return async (examples) => {
    let out = new Float32Array();
    let done = 0;
    for (const places of divide(examples, options.apart)) {
      for (let start = 0; start < places.length; start += batchSize) {
        const part = places.subarray(start, start + batchSize);
        const row = (at: number) =>
          at < part.length ? part[at]! : places[(at - part.length) % places.length]!;
        const taken = Uint32Array.from({ length: batchSize }, (_, at) => examples[row(at)]!);
        const found = await read(feed.fill(taken), taken);
        const width = found.length / batchSize;
        if (done === 0) out = new Float32Array(examples.length * width);
        for (const [at, place] of part.entries()) {
          for (let output = 0; output < width; output++) {
            out[place * width + output] = found[at * width + output]!;
          }
        }
        await setImmediate();
        done += part.length;
        options.progress?.(done);
      }
    }
    return out;
  };
}

/** Places in a list of examples, ascending: all of them, or those of each number apart. */
function divide(examples: Uint32Array, apart: ArrayLike<number> | undefined): readonly Uint32Array[] {
  const all = Uint32Array.from(examples, (_, place) => place);
  if (apart === undefined) return [all];
  const numbers = [...new Set(Array.from(examples, (example) => apart[example]!))].sort((a, b) => a - b);
  return numbers.map((number) => all.filter((place) => apart[examples[place]!] === number));
}
