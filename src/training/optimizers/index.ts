import type { ExperimentConfig } from '../../config/schema/root.js';
import type { Optimizer } from '../../engine/engine.js';
import type { UpdateGroup } from '../../engine/update-group.js';
import type { AverageOptions } from './average.js';
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
 * @param groups Of parameters that are updated with numbers of their own; together they have all.
 */
export async function loadOptimizer(
  {
    optimizer,
    clip_norm,
    clip_value,
    average,
  }: Pick<TrainingConfig, 'optimizer' | 'clip_norm' | 'clip_value'> & { readonly average: AverageOptions },
  spared: ReadonlySet<string> = new Set(),
  restarts: readonly number[] = [],
  groups: readonly UpdateGroup[] = [],
): Promise<Optimizer> {
  const options = { ...optimizer, spared };
  const [restarted, { clipGradients }, { averageParameters }] = await Promise.all([
    groups.length === 0
      ? loadOwn(options).then((own) => restartOptimizer(own, restarts))
      : loadGroups(options, groups, restarts),
    import('./clip.js'),
    import('./average.js'),
  ]);
  return averageParameters(clipGradients(restarted, { clip_norm, clip_value }), average);
}

type OwnOptions = OptimizerConfig & Pick<DecayOptions, 'spared'>;

async function loadGroups(
  options: OwnOptions,
  groups: readonly UpdateGroup[],
  restarts: readonly number[],
): Promise<Optimizer> {
  const { joinGroups } = await import('./groups.js');
  const owned = groups.map(async (group) => ({
    ...group,
    optimizer: await loadOwn(override(options, group)),
  }));
  return joinGroups(await Promise.all(owned), { learningRate: options.learning_rate, restarts });
}

/** A group's numbers in place of those that the optimiser has: SGD has no betas. */
function override(options: OwnOptions, group: UpdateGroup): OwnOptions {
  const own = Object.entries({ beta1: group.beta1, beta2: group.beta2, weight_decay: group.weight_decay });
  const known = own.filter(([name, value]) => value !== undefined && name in options);
  return { ...options, ...Object.fromEntries(known) };
}

function loadOwn(config: OwnOptions): Promise<Optimizer> {
  const load = optimizers[config.name] as (options: OwnOptions) => Promise<Optimizer>;
  return load(config);
}
