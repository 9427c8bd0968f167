import type { ExperimentConfig } from '../config/schema/root.js';
import { HeldoutError } from '../core/errors.js';
import { type Head, hasClasses } from '../variables/targets.js';
import type { Objective } from './objective.js';

/** The `objective` section of a config. */
export type ObjectiveConfig = ExperimentConfig['objective'];

/** Loaded on demand: the map itself needs no TensorFlow. */
const objectives: {
  readonly [Name in ObjectiveConfig['name']]: (
    options: Extract<ObjectiveConfig, { name: Name }>,
    heads: readonly Head[],
  ) => Promise<Objective>;
} = {
  squared_error: async (_, heads) => {
    requireTargets('numbers', 'squared_error', heads);
    return (await import('./squared-error.js')).squaredError;
  },
  cross_entropy: async (options, heads) => {
    requireTargets('classes', 'cross_entropy', heads);
    return (await import('./cross-entropy.js')).createCrossEntropy(options, heads);
  },
};

export const objectiveNames: readonly string[] = Object.keys(objectives);

/** The objective of a config for a dataset's heads. Throws HeldoutError where it cannot be taken of them. */
export function loadObjective(config: ObjectiveConfig, heads: readonly Head[]): Promise<Objective> {
  const create = objectives[config.name] as (
    options: ObjectiveConfig,
    heads: readonly Head[],
  ) => Promise<Objective>;
  return create(config, heads);
}

const remedies = { numbers: 'objective=cross_entropy', classes: 'objective=squared_error' } as const;

function requireTargets(of: 'numbers' | 'classes', name: string, heads: readonly Head[]): void {
  const others = heads.filter((head) => hasClasses(head) !== (of === 'classes'));
  if (others.length === 0) return;
  const names = others.map((head) => head.name).join(', ');
  throw new HeldoutError({
    code: 'E_OBJECTIVE_TARGETS',
    message: `the objective ${name} is for ${of}, but ${names} ${others.length === 1 ? 'is' : 'are'} ${others[0]!.kind}`,
    place: 'objective.name',
    hints: others.length === heads.length ? [remedies[of]] : [],
  });
}
