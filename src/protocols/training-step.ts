import type { ExperimentConfig } from '../config/schema/root.js';
import type { Dataset } from '../datasets/dataset.js';
import type { TrainerOptions } from '../engine/engine.js';
import { loadModel } from '../models/index.js';
import { initialParameters } from '../models/initialise.js';
import type { Model } from '../models/model.js';
import { loadObjective } from '../objectives/index.js';
import { loadOptimizer } from '../training/optimizers/index.js';

/** The model of a job at its start, and all that its training step is made of. */
export async function describeStep(
  config: ExperimentConfig,
  dataset: Dataset,
): Promise<{ readonly model: Model; readonly options: TrainerOptions }> {
  const [model, objective, optimizer] = await Promise.all([
    loadModel(config.model, { inputs: dataset.inputs, outputs: dataset.targets.length }),
    loadObjective(config.objective),
    loadOptimizer(config.training),
  ]);
  return {
    model,
    options: {
      parameters: initialParameters(model, config.seed),
      optimizer,
      loss: (parameters, batch) => objective(model.apply(parameters, batch), batch),
      steps: config.training.steps,
    },
  };
}
