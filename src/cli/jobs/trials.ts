import { cpus } from 'node:os';
import { recallChoice, rememberChoice } from '../../core/files/choices.js';
import type { Json } from '../../core/json.js';
import type { Measured, Probe } from '../../protocols/trial.js';
import { stepKey } from '../../sweeps/batches.js';
import type { PlannedJob } from '../../sweeps/plan.js';

/** A trial of the step that some jobs have in common. */
export interface Trial {
  readonly jobs: readonly [PlannedJob, ...PlannedJob[]];
  /** A process each. */
  readonly probes: readonly Probe[];
  /** Of TensorFlow. */
  readonly version: string;
}

/** What the trial of such a step found on this machine; undefined where it was not made. */
export function recallTrial(trial: Trial): readonly Measured[] | undefined {
  const found = recallChoice(circumstancesOf(trial));
  return Array.isArray(found) ? (found as unknown as readonly Measured[]) : undefined;
}

export function rememberTrial(trial: Trial, measured: readonly Measured[]): void {
  rememberChoice(circumstancesOf(trial), measured as unknown as Json);
}

function circumstancesOf({ jobs, probes, version }: Trial) {
  return { step: stepKey(jobs[0]), probes, version, machine: [cpus()[0]?.model ?? '', cpus().length] };
}
