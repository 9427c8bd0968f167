import type { ExperimentConfig } from '../config/schema/root.js';
import type { Head, Target } from '../variables/targets.js';
import type { Variable } from '../variables/variable.js';
import type { ColumnName, Objective } from './objective.js';
import { requireBinary, requireTargets } from './requirements.js';

/** The `objective` section of a config. */
export type ObjectiveConfig = ExperimentConfig['objective'];

interface Entry<Options> {
  /** What it takes of a batch beside inputs and targets. */
  readonly columns?: readonly ColumnName[];
  /** What it asks a model for beside the dataset's targets, about the protected variable. */
  added?(options: Options, variable: Variable): Target;
  /** Options that enter a step as inputs, so that replicas may differ in them. */
  numbers?(options: Options): Readonly<Record<string, number>>;
  /** Loaded on demand: the map itself needs no TensorFlow. */
  create(options: Options, heads: readonly Head[], groups: number): Promise<Objective>;
}

const objectives: {
  readonly [Name in ObjectiveConfig['name']]: Entry<Extract<ObjectiveConfig, { name: Name }>>;
} = {
  squared_error: {
    async create(_, heads) {
      requireTargets('numbers', 'squared_error', heads);
      return { loss: (await import('./squared-error.js')).squaredError };
    },
  },
  cross_entropy: {
    async create(options, heads) {
      requireTargets('classes', 'cross_entropy', heads);
      return { loss: (await import('./cross-entropy.js')).createCrossEntropy(options, heads) };
    },
  },
  fair: {
    columns: ['protected'],
    numbers: ({ strength }) => ({ strength }),
    async create(options, heads, groups) {
      const head = requireBinary('fair', heads);
      return { loss: (await import('./fair.js')).createFair(options, head, groups) };
    },
  },
  two_heads: {
    columns: ['protected'],
    numbers: ({ second_weight }) => ({ second_weight }),
    added: ({ second_loss }, { name, levels }) => ({
      name,
      kind: levels.length === 2 ? 'binary' : 'categorical',
      ...(second_loss === 'mse_linear' && levels.length === 2 && { threshold: 0.5 }),
    }),
    async create(options, heads) {
      const first = requireBinary('two_heads', heads.slice(0, -1));
      const both = [first, heads.at(-1)!] as const;
      return { loss: (await import('./two-heads.js')).createTwoHeads(options, both) };
    },
  },
  reweighed: {
    columns: ['weight'],
    async create(_, heads) {
      const head = requireBinary('reweighed', heads);
      return { loss: (await import('./reweighed.js')).createReweighed(head) };
    },
  },
  adversarial: {
    columns: ['protected'],
    numbers: ({ strength }) => ({ strength }),
    async create(options, heads, groups) {
      const head = requireBinary('adversarial', heads);
      return (await import('./adversarial.js')).createAdversarial(options, head, groups);
    },
  },
};

export const objectiveNames: readonly string[] = Object.keys(objectives);

function entryOf(config: ObjectiveConfig): Entry<ObjectiveConfig> {
  return objectives[config.name] as Entry<ObjectiveConfig>;
}

/**
 * The objective of a config for a dataset's heads. Throws HeldoutError where it cannot be taken of them.
 * @param groups Levels of the protected variable, for an objective that asks for it.
 */
export async function loadObjective(
  config: ObjectiveConfig,
  heads: readonly Head[],
  groups = 0,
): Promise<Objective> {
  return entryOf(config).create(config, heads, groups);
}

/** What the objective of a config takes of a batch beside inputs and targets. */
export function columnsOf(config: ObjectiveConfig): readonly ColumnName[] {
  return entryOf(config).columns ?? [];
}

/** What the objective of a config asks a model for beside the dataset's targets, where it does. */
export function addedTarget(config: ObjectiveConfig, variable: () => Variable): Target | undefined {
  const { added } = entryOf(config);
  return added?.(config, variable());
}

/** The numbers of an objective that enter every step, by name. */
export function numbersOf(config: ObjectiveConfig): Readonly<Record<string, number>> {
  return entryOf(config).numbers?.(config) ?? {};
}
