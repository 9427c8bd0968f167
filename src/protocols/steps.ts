import type { ExperimentConfig } from '../config/schema/root.js';

/** Updates that a job makes: none where nothing is trained. */
export function stepsOf({ protocol, training }: ExperimentConfig): number {
  if (['reference', 'fitted', 'merged', 'evaluated', 'averaged', 'dfr'].includes(protocol.name)) return 0;
  return protocol.name === 'functions' && !protocol.train ? 0 : training.steps;
}
