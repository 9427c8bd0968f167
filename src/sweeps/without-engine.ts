import type { PlannedJob } from './plan.js';

/** Whether a job makes no step and starts no engine: a reference, or a model that is no network. */
export function isWithoutEngine({ protocol }: Pick<PlannedJob, 'protocol'>): boolean {
  return protocol === 'reference' || protocol === 'fitted';
}
