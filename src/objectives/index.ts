import type { ParameterSpec } from '../models/model.js';
import type { Head } from '../variables/targets.js';
import { environmentObjectives } from './environments/index.js';
import type { Objective } from './objective.js';
import { requireBinary, requireTargets } from './requirements.js';
import type { ObjectiveConfig } from './traits.js';

/** Makes an objective; loaded on demand: the map itself needs no TensorFlow. */
export interface Entry<Options> {
  create(options: Options, heads: readonly Head[], counts: GroupCounts): Promise<Objective>;
}

/** How many of each there are, for an objective that asks for them. */
export interface GroupCounts {
  /** Levels of the protected variable. */
  readonly groups?: number;
  /** Environments of the training set, of which a batch has equal blocks of rows. */
  readonly environments?: number;
  /** Numbers that the model's read-out reads; 0 of a model without features. */
  readonly width?: number;
  /** Shapes of the dataset's inputs by name, without the batch axis. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /** The model's parameters but those of its read-out. */
  readonly body?: Readonly<Record<string, ParameterSpec>>;
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
    async create(options, heads, { groups = 0 }) {
      const head = requireBinary('fair', heads);
      return { loss: (await import('./fair.js')).createFair(options, head, groups) };
    },
  },
  two_heads: {
    async create(options, heads) {
      const first = requireBinary('two_heads', heads.slice(0, -1));
      const both = [first, heads.at(-1)!] as const;
      return { loss: (await import('./two-heads.js')).createTwoHeads(options, both) };
    },
  },
  reweighed: {
    async create(_, heads) {
      const head = requireBinary('reweighed', heads);
      return { loss: (await import('./reweighed.js')).createReweighed(head) };
    },
  },
  adversarial: {
    async create(options, heads, { groups = 0 }) {
      const head = requireBinary('adversarial', heads);
      return (await import('./adversarial.js')).createAdversarial(options, head, groups);
    },
  },
  ...environmentObjectives,
};

export const objectiveNames: readonly string[] = Object.keys(objectives);

function entryOf(config: ObjectiveConfig): Entry<ObjectiveConfig> {
  return objectives[config.name] as Entry<ObjectiveConfig>;
}

/** The objective of a config for a dataset's heads. Throws HeldoutError where it cannot be taken of them. */
export async function loadObjective(
  config: ObjectiveConfig,
  heads: readonly Head[],
  counts: GroupCounts = {},
): Promise<Objective> {
  return entryOf(config).create(config, heads, counts);
}
