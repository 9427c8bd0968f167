import type { Head } from '../variables/targets.js';
import type { Objective } from './objective.js';
import { requireBinary, requireTargets } from './requirements.js';
import type { ObjectiveConfig } from './traits.js';

/** Makes an objective; loaded on demand: the map itself needs no TensorFlow. */
interface Entry<Options> {
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
    async create(options, heads, groups) {
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
