import type { JobContext, JobEnd } from '../context.js';
import { stepsOf } from '../steps.js';
import type { Network } from '../training/network.js';
import { evaluate } from './evaluate.js';
import { createPredictor } from './predict.js';

/** Predictions and record of a network as it is. */
export async function evaluateNetwork(
  context: JobContext,
  { material, model, trainer, engine }: Pick<Network, 'material' | 'model' | 'trainer' | 'engine'>,
): Promise<JobEnd> {
  const evaluated = await evaluate(
    context,
    material,
    (progress) =>
      createPredictor({
        trainer,
        model,
        dataset: material.dataset,
        batchSize: context.config.evaluation.batch_size,
        progress,
      }),
    { backend: engine.tier },
  );
  return { ...evaluated, step: stepsOf(context.config) };
}
