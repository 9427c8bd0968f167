import type { ExperimentConfig } from '../../config/schema/root.js';
import type { Optimizer } from '../../engine/engine.js';
import type { DecayOptions } from './decay.js';
import { restartOptimizer } from './restart.js';

type TrainingConfig = ExperimentConfig['training'];
/** The `training.optimizer` section of a config. */
export type OptimizerConfig = TrainingConfig['optimizer'];

/** Loaded on demand: the map itself needs no TensorFlow. */
const optimizers: {
  readonly [Name in OptimizerConfig['name']]: (
    options: Extract<OptimizerConfig, { name: Name }> & Pick<DecayOptions, 'spared'>,
  ) => Promise<Optimizer>;
} = {
  adam: async (options) => (await import('./adam.js')).createAdam(options),
  adamw: async (options) => (await import('./adamw.js')).createAdamW(options),
  sgd: async (options) => (await import('./sgd.js')).createSgd(options),
};

export const optimizerNames: readonly string[] = Object.keys(optimizers);

/**
 * The optimiser of a config with what stands around it: clipping of gradients, averages of parameters.
 * @param spared Names of parameters that decay never reaches.
 * @param restarts The updates, from 0, before which the optimiser begins anew.
 */
export async function loadOptimizer(
  {
    optimizer,
    clip_norm,
    clip_value,
    average,
  }: Pick<TrainingConfig, 'optimizer' | 'clip_norm' | 'clip_value' | 'average'>,
  spared: ReadonlySet<string> = new Set(),
  restarts: readonly number[] = [],
): Promise<Optimizer> {
  const [own, { clipGradients }, { averageParameters }] = await Promise.all([
    loadOwn({ ...optimizer, spared }),
    import('./clip.js'),
    import('./average.js'),
  ]);
  const restarted = restartOptimizer(own, restarts);
  return averageParameters(clipGradients(restarted, { clip_norm, clip_value }), average);
}

type OwnOptions = OptimizerConfig & Pick<DecayOptions, 'spared'>;

function loadOwn(config: OwnOptions): Promise<Optimizer> {
  const load = optimizers[config.name] as (options: OwnOptions) => Promise<Optimizer>;
  return load(config);
}
