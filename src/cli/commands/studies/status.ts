import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import type { Plan } from '../../../sweeps/plan.js';
import { planStatus } from '../../../sweeps/plan-status.js';
import type { Arguments } from '../../arguments/arguments.js';
import { findPlan, listPlans, tryPlan } from '../../find-plan.js';
import { print } from '../../output/print.js';
import { composeForOperands, resultsFolder } from '../../output/results.js';

/** `status`: every study with its counts; `status STUDY`: every run of it. Looks at the disk alone. */
export function showStatus(args: Arguments): ExitCode {
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const found =
    operands.length > 0
      ? operands.map((name) => findPlan(folder, name))
      : listPlans(folder).map((name) => tryPlan(folder, name));
  const damaged = found.filter((plan) => plan instanceof HeldoutError);
  const plans = found
    .filter((plan): plan is Plan => !(plan instanceof HeldoutError))
    .map((plan) => ({ plan, status: planStatus(plan, folder) }));
  if (args.json) {
    const rows = plans.map(({ plan, status }) => ({
      plan: plan.name,
      study: plan.study,
      counts: status.counts,
      jobs: status.jobs.map(({ job, state, note, error, folder: place }) => ({
        run: job.run,
        label: job.label,
        state,
        note,
        error,
        folder: place,
      })),
    }));
    const errors = damaged.map(({ code, message, place }) => ({ error: { code, message, place } }));
    print(JSON.stringify([...rows, ...errors], null, 2));
    return 0;
  }
  for (const error of damaged) print(`${error.place}: ${error.message}`);
  if (found.length === 0) print('Nothing was run yet: npm run experiment -- --config ood.yaml');
  for (const { plan, status } of plans) {
    const counts = Object.entries(status.counts).filter(([, count]) => count > 0);
    print(
      `${plan.name}: ${counts.map(([state, count]) => `${count} ${state === 'queued' ? 'to do' : state}`).join(', ')}`,
    );
    if (operands.length === 0) continue;
    for (const { job, state, note, error } of status.jobs) {
      const remark = error?.message.split('\n')[0] ?? note;
      print(
        `  ${job.run}  ${(state === 'queued' ? 'to do' : state).padEnd(11)}  ${job.label}${remark === undefined ? '' : `  (${remark})`}`,
      );
    }
  }
  return 0;
}
