import type { ExitCode } from '../../core/errors.js';
import { planStatus } from '../../sweeps/plan-status.js';
import type { Arguments } from '../arguments.js';
import { findPlan } from '../find-plan.js';
import { doneRecords, showFigures } from '../report-study.js';
import { composeForOperands, requireOperand, resultsFolder } from '../results.js';

/** `npm run figures -- STUDY`: draws the figures from records, predictions and metrics that are there. */
export async function rebuildFigures(args: Arguments): Promise<ExitCode> {
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const plan = findPlan(folder, requireOperand(operands, 'figures --', 'STUDY'));
  const status = planStatus(plan, folder);
  await showFigures(plan, folder, doneRecords(plan, status, folder));
  return status.counts.done === status.jobs.length ? 0 : 1;
}
