import { mul } from '@tensorflow/tfjs-core';
import type { ExperimentConfig } from '../../config/schema/root.js';
import type { NamedArray } from '../../engine/engine.js';
import type { Material } from '../prepare.js';
import { predictedApart } from '../training/batches/environments.js';
import { type Predictor, type PredictorOptions, readBatches } from './predict.js';

interface Asked extends Pick<PredictorOptions, 'model' | 'trainer'> {
  readonly material: Material;
}

/** What a network of a job is predicted with: by batches of one environment, where its answers depend on the others there. */
export function predictorOptions(
  { evaluation, objective }: ExperimentConfig,
  { material: { dataset }, model, trainer }: Asked,
  progress?: (done: number) => void,
): PredictorOptions {
  const apart = predictedApart(dataset, objective);
  return { trainer, model, dataset, apart, batchSize: evaluation.batch_size, ...(progress && { progress }) };
}

/** Features `[examples, features]` of a model that has some: what its last layer reads. */
export function createFeatureReader(options: PredictorOptions): Predictor {
  const { trainer, model } = options;
  const infer = trainer.inference((parameters, batch) => ({ features: model.features!(parameters, batch) }));
  return readBatches(options, (batch) => infer(batch).features!.data);
}

/** The last layer, `[features, outputs]` and `[outputs]`, as predictions have it: averages, where these are kept. */
export function takeReadOut(trainer: PredictorOptions['trainer']): {
  readonly kernel: NamedArray['data'];
  readonly bias: NamedArray['data'];
} {
  const infer = trainer.inference((parameters) => ({
    kernel: mul(parameters['read-out/kernel']!, 1),
    bias: mul(parameters['read-out/bias']!, 1),
  }));
  const { kernel, bias } = infer({});
  return { kernel: kernel!.data, bias: bias!.data };
}
