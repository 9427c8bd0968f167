import { HeldoutError } from '../../core/errors.js';
import { isCircuit } from '../../reports/figures/circuit-figures.js';
import type { Plan } from '../../sweeps/plan.js';
import type { PlanStatus } from '../../sweeps/plan-status.js';
import { type CircuitRun, openCircuitRun } from './circuit-run.js';

/** The finished circuits of a study, and a line on each that is not finished. Throws HeldoutError where it has none. */
export function listCircuits(
  plan: Plan,
  { jobs }: PlanStatus,
): { readonly circuits: readonly CircuitRun[]; readonly unfinished: readonly string[] } {
  const all = jobs.filter(({ job }) => isCircuit(job));
  if (all.length === 0) {
    throw new HeldoutError({
      code: 'E_PRUNE_MODEL',
      message: `no run of the study '${plan.name}' is a circuit`,
      place: plan.name,
      hints: ['train one: model=nac', 'npm run experiment -- status lists the studies'],
    });
  }
  const done = all.filter(({ state }) => state === 'done');
  if (done.length === 0) {
    throw new HeldoutError({
      code: 'E_PRUNE_UNFINISHED',
      message: `none of the ${all.length} circuits of '${plan.name}' is trained yet`,
      place: plan.name,
      hints: [
        'run the command of the study: it continues where it was',
        `npm run experiment -- status ${plan.name} shows how far it is`,
      ],
    });
  }
  const left = all.filter(({ state }) => state !== 'done');
  return {
    circuits: done.map(({ folder }) => openCircuitRun(folder)),
    unfinished: left.map(
      ({ job, state }) =>
        `not measured: ${job.label} (${job.run}), which is ${state === 'queued' ? 'to do' : state}; the study's own command runs it`,
    ),
  };
}
