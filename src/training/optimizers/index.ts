import type { ExperimentConfig } from '../../config/schema/root.js';
import type { Optimizer } from '../../engine/engine.js';

/** The `training.optimizer` section of a config. */
export type OptimizerConfig = ExperimentConfig['training']['optimizer'];

/** Loaded on demand: the map itself needs no TensorFlow. */
const optimizers: {
  readonly [Name in OptimizerConfig['name']]: (
    options: Extract<OptimizerConfig, { name: Name }>,
  ) => Promise<Optimizer>;
} = {
  adam: async (options) => (await import('./adam.js')).createAdam(options),
};

export const optimizerNames: readonly string[] = Object.keys(optimizers);

export function loadOptimizer(config: OptimizerConfig): Promise<Optimizer> {
  return optimizers[config.name](config);
}
