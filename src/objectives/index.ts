import type { ExperimentConfig } from '../config/schema/root.js';
import type { Objective } from './objective.js';

/** The `objective` section of a config. */
export type ObjectiveConfig = ExperimentConfig['objective'];

/** Loaded on demand: the map itself needs no TensorFlow. */
const objectives: Readonly<Record<ObjectiveConfig['name'], () => Promise<Objective>>> = {
  squared_error: async () => (await import('./squared-error.js')).squaredError,
};

export const objectiveNames: readonly string[] = Object.keys(objectives);

export function loadObjective({ name }: ObjectiveConfig): Promise<Objective> {
  return objectives[name]();
}
