import type { ExperimentConfig } from '../../../config/schema/root.js';

export type NacConfig = Extract<ExperimentConfig['model'], { name: 'nac' }>;

/** The same circuit with fewer processors. What is left of a trained one did not start from a graph of that size, and is not trained. */
export function withProcessors(config: NacConfig, processors: number): NacConfig {
  return { ...config, processors, prior: { ...config.prior, graph: 'none', regulariser: 'none' } };
}
