import type { ExperimentConfig } from '../config/schema/root.js';
import type { NamedArrays } from '../engine/engine.js';
import type { UpdateGroup } from '../engine/update-group.js';
import type { Stream } from '../random/stream.js';
import type { Target } from '../variables/targets.js';
import type { Variable } from '../variables/variable.js';
import type { BatchSizes } from './environments/batch-sizes.js';
import { environmentTraits } from './environments/traits.js';
import type { ColumnName } from './objective.js';

/** The `objective` section of a config. */
export type ObjectiveConfig = ExperimentConfig['objective'];

/** What is known of an objective without loading it, and TensorFlow with it. */
export interface Traits<Options> {
  /** What it takes of a batch beside inputs and targets. */
  readonly columns?: readonly ColumnName[];
  /** What it asks a model for beside the dataset's targets, about the protected variable. */
  added?(options: Options, variable: Variable): Target;
  /** Options that enter a step, counted from 0, as inputs, so that replicas may differ in them. */
  numbers?(options: Options, step: number): Readonly<Record<string, number>>;
  /** Whether it compares environments: batches then have as many examples of each. */
  readonly environments?: boolean;
  /** Whether what it predicts of an example depends on the batch that the example stands in. */
  readonly looksAround?: boolean;
  /** Random numbers that enter a step as inputs of its batch, by names that begin with `drawPrefix`. */
  draws?(options: Options, sizes: BatchSizes, source: Stream): NamedArrays;
  /** Whether it looks at the features of a model: what its read-out reads. */
  readonly features?: boolean;
  /** The updates, counted from 0, before which the optimiser begins anew. */
  restarts?(options: Options): readonly number[];
  /** Where the learning rate is another one from some update on. */
  lateRate?(options: Options): LateRate;
  /** Shapes of the inputs that the model takes, by name, where they are not those of the dataset. */
  widen?(options: Options, inputs: InputShapes): InputShapes;
  /** Updates before the mean of the weights begins that predictions are made with, where they are. */
  averageStart?(options: Options): number;
  /** Parameters that are updated with numbers of their own, or in turn; together the groups have all. */
  groups?(options: Options, environments: number): readonly UpdateGroup[];
}

/** Shapes of a model's inputs by name, without the batch axis. */
export type InputShapes = Readonly<Record<string, readonly number[]>>;

/** A learning rate in place of that of the optimiser, from update `from` on, counted from 0. */
export interface LateRate {
  readonly from: number;
  readonly learningRate: number;
}

const traits: {
  readonly [Name in ObjectiveConfig['name']]: Traits<Extract<ObjectiveConfig, { name: Name }>>;
} = {
  squared_error: {},
  cross_entropy: {},
  fair: { columns: ['protected'], numbers: ({ strength }) => ({ strength }) },
  two_heads: {
    columns: ['protected'],
    numbers: ({ second_weight }) => ({ second_weight }),
    added: ({ second_loss }, { name, levels }) => ({
      name,
      kind: levels.length === 2 ? 'binary' : 'categorical',
      ...(second_loss === 'mse_linear' && levels.length === 2 && { threshold: 0.5 }),
    }),
  },
  reweighed: { columns: ['weight'] },
  adversarial: { columns: ['protected'], numbers: ({ strength }) => ({ strength }) },
  ...environmentTraits,
};

function traitsOf(config: ObjectiveConfig): Traits<ObjectiveConfig> {
  return traits[config.name] as Traits<ObjectiveConfig>;
}

/** What the objective of a config takes of a batch beside inputs and targets. */
export function columnsOf(config: ObjectiveConfig): readonly ColumnName[] {
  return traitsOf(config).columns ?? [];
}

/** What the objective of a config asks a model for beside the dataset's targets, where it does. */
export function addedTarget(config: ObjectiveConfig, variable: () => Variable): Target | undefined {
  const { added } = traitsOf(config);
  return added?.(config, variable());
}

/** The numbers of an objective that enter a step, counted from 0, by name. */
export function numbersOf(config: ObjectiveConfig, step: number): Readonly<Record<string, number>> {
  return traitsOf(config).numbers?.(config, step) ?? {};
}

/** Whether the objective of a config compares environments. */
export function comparesEnvironments(config: ObjectiveConfig): boolean {
  return traitsOf(config).environments === true;
}

/** Whether predictions by the objective of a config depend on which examples are predicted together. */
export function looksAround(config: ObjectiveConfig): boolean {
  return traitsOf(config).looksAround === true;
}

/** Whether the objective of a config looks at a model's features. */
export function readsFeatures(config: ObjectiveConfig): boolean {
  return traitsOf(config).features === true;
}

/** The random numbers of the steps of a config's objective, where it draws some. */
export function drawsOf(
  config: ObjectiveConfig,
  sizes: BatchSizes,
): ((source: Stream) => NamedArrays) | undefined {
  const { draws } = traitsOf(config);
  return draws && ((source) => draws(config, sizes, source));
}

/** The updates, counted from 0, before which the optimiser begins anew. */
export function restartsOf(config: ObjectiveConfig): readonly number[] {
  return traitsOf(config).restarts?.(config) ?? [];
}

/** Where the learning rate is another one from some update on. */
export function lateRateOf(config: ObjectiveConfig): LateRate | undefined {
  return traitsOf(config).lateRate?.(config);
}

/** How the parameters of a training are grouped, where their updates differ. */
export function groupsOf(config: ObjectiveConfig, environments: number): readonly UpdateGroup[] {
  return traitsOf(config).groups?.(config, environments) ?? [];
}

/** Updates before the mean of the weights begins that predictions are made with, where they are. */
export function averageStartOf(config: ObjectiveConfig): number | undefined {
  return traitsOf(config).averageStart?.(config);
}

/** Shapes of the inputs that a model takes for an objective, by name. */
export function widenInputs(config: ObjectiveConfig, inputs: InputShapes): InputShapes {
  return traitsOf(config).widen?.(config, inputs) ?? inputs;
}
