import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../../datasets/dataset.js';
import type { NamedArrays, Trainer } from '../../engine/engine.js';
import type { Model } from '../../models/model.js';
import { createFeed } from '../training/feed.js';

/** Outputs `[examples, outputs]`, row-major, of whatever predicts: a network or a constant. */
export type Predictor = (examples: Uint32Array) => Float32Array | Promise<Float32Array>;

export interface PredictorOptions {
  readonly trainer: Pick<Trainer, 'inference'>;
  readonly model: Model;
  readonly dataset: Dataset;
  readonly batchSize: number;
  /** Called after every batch with the number of examples done in this call; may throw to stop. */
  readonly progress?: (done: number) => void;
}

/**
 * Predicts with the trainer's current parameters in batches of one size: the last one is filled up with
 * its last example, and what belongs to the filling is cut off.
 */
export function createPredictor(options: PredictorOptions): Predictor {
  const predict = options.trainer.inference(options.model.apply);
  return readBatches(options, (batch) => predict(batch).prediction!.data);
}

/** Rows, side by side, of what a function makes of a batch: as many numbers of each example. */
export function readBatches(
  options: Pick<PredictorOptions, 'dataset' | 'batchSize' | 'progress'>,
  read: (batch: NamedArrays) => ArrayLike<number>,
): Predictor {
  const { dataset, batchSize } = options;
  const feed = createFeed(dataset, batchSize);
  return async (examples) => {
    let out = new Float32Array();
    for (let start = 0; start < examples.length; start += batchSize) {
      const part = examples.subarray(start, start + batchSize);
      const padded = new Uint32Array(batchSize).fill(part.at(-1)!);
      padded.set(part);
      const found = read(feed.fill(padded));
      const width = found.length / batchSize;
      if (start === 0) out = new Float32Array(examples.length * width);
      for (let at = 0; at < part.length * width; at++) out[start * width + at] = found[at]!;
      await setImmediate();
      options.progress?.(start + part.length);
    }
    return out;
  };
}
