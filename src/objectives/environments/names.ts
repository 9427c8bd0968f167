import type { ObjectiveConfig } from '../traits.js';

/** Names of the algorithms of domain generalisation. */
export type EnvironmentName = Exclude<
  ObjectiveConfig['name'],
  'squared_error' | 'cross_entropy' | 'fair' | 'two_heads' | 'reweighed' | 'adversarial'
>;
