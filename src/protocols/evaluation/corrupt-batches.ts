import { type CorruptionOptions, createCorruption } from '../../corruptions/index.js';
import { normalise } from '../training/batches/feed.js';
import { createPredictor, type Predictor, type PredictorOptions, readBatches } from './predict.js';

/**
 * Predicts corrupted images, a batch of which is there at a time; as they are where no corruption is named. Numbers of
 * images are rounded to bytes before.
 */
export function predictCorrupted(
  options: PredictorOptions,
  corruption: CorruptionOptions | undefined,
): Predictor {
  if (corruption === undefined) return createPredictor(options);
  const { normalise: how, ...dataset } = options.dataset;
  const [height, width, channels] = dataset.inputs.image as readonly [number, number, number];
  const corrupt = createCorruption(corruption);
  const predict = options.trainer.inference(options.model.apply);
  const size = height * width * channels;
  return readBatches({ ...options, dataset }, async (batch, examples) => {
    const images = batch.image!.data as Float32Array;
    for (const [at, example] of examples.entries()) {
      const numbers = images.subarray(at * size, (at + 1) * size);
      const data = Uint8Array.from(numbers, (number) => Math.round(number * 255));
      const corrupted = await corrupt({ height, width, channels, data }, example);
      for (let i = 0; i < size; i++) numbers[i] = corrupted.data[i]! / 255;
    }
    normalise(images, how);
    return predict(batch).prediction!.data;
  });
}
