import { concat } from '@tensorflow/tfjs-core';
import { HeldoutError } from '../../../core/errors.js';
import { createT3a, type LinearReadOut } from '../../../evaluation/adaptation/t3a.js';
import { type Predictor, type PredictorOptions, readBatches } from '../predict.js';
import { takeReadOut } from '../read-network.js';

/**
 * Predicts by T3A (see `createT3a`), anew in every call: examples are seen in their order. Throws HeldoutError where the
 * network's answers are not those of its read-out.
 */
export function predictByT3a(
  options: PredictorOptions,
  { keep, batch_size: batchSize }: { readonly keep: number | null; readonly batch_size: number },
  objective: string,
): Predictor {
  const { trainer, model } = options;
  const infer = trainer.inference((parameters, batch) => ({
    // In one array, since batches are read into rows of one.
    rows: concat([model.features!(parameters, batch), model.apply(parameters, batch).prediction!], 1),
  }));
  const read = readBatches(options, (batch) => infer(batch).rows!.data);
  return async (examples) => {
    const readOut = takeReadOut(trainer);
    const classes = readOut.bias.length;
    const width = readOut.kernel.length / classes;
    const rows = await read(examples);
    requireReadOut(rows, readOut, objective);
    const adapt = createT3a(readOut, keep);
    const out = new Float32Array(examples.length * classes);
    for (let start = 0; start < examples.length; start += batchSize) {
      const own = Math.min(batchSize, examples.length - start);
      const features = new Float32Array(own * width);
      for (let row = 0; row < own; row++) {
        const from = (start + row) * (width + classes);
        features.set(rows.subarray(from, from + width), row * width);
      }
      out.set(adapt(features), start * classes);
    }
    return out;
  };
}

/** Some objectives answer in a way of their own. One row tells. */
function requireReadOut(rows: Float32Array, { kernel, bias }: LinearReadOut, objective: string): void {
  const classes = bias.length;
  const width = kernel.length / classes;
  for (let label = 0; label < classes && rows.length > 0; label++) {
    let [sum, size] = [bias[label]!, 1 + Math.abs(bias[label]!)];
    for (let at = 0; at < width; at++) {
      const term = rows[at]! * kernel[at * classes + label]!;
      sum += term;
      size += Math.abs(term);
    }
    if (Math.abs(sum - rows[width + label]!) <= 2e-2 * size) continue;
    throw new HeldoutError({
      code: 'E_ADAPTATION',
      message: `the objective ${objective} answers in a way of its own, not by the read-out that t3a takes the place of`,
      place: 'evaluation.adaptation',
      hints: ['~evaluation.adaptation'],
      exitCode: 1,
    });
  }
}
