import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../../datasets/dataset.js';
import type { Trainer } from '../../engine/engine.js';
import type { Model } from '../../models/model.js';
import { countOutputs, layOutHeads } from '../../variables/targets.js';
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
  const { trainer, model, dataset, batchSize } = options;
  const feed = createFeed(dataset, batchSize);
  const predict = trainer.inference(model.apply);
  const width = countOutputs(layOutHeads(dataset.table, dataset.targets));
  return async (examples) => {
    const out = new Float32Array(examples.length * width);
    for (let start = 0; start < examples.length; start += batchSize) {
      const part = examples.subarray(start, start + batchSize);
      const padded = new Uint32Array(batchSize).fill(part.at(-1)!);
      padded.set(part);
      const { prediction } = predict(feed.fill(padded));
      out.set(prediction!.data.subarray(0, part.length * width), start * width);
      await setImmediate();
      options.progress?.(start + part.length);
    }
    return out;
  };
}
