import type { ExitCode } from '../../core/errors.js';
import { planStatus } from '../../sweeps/plan-status.js';
import type { Arguments } from '../arguments.js';
import { findPlan } from '../find-plan.js';
import { doneRecords, showTables } from '../report-study.js';
import { composeForOperands, requireOperand, resultsFolder } from '../results.js';

/** `npm run tables -- STUDY`: builds the tables from the records that are there. */
export function rebuildTables(args: Arguments): ExitCode {
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const plan = findPlan(folder, requireOperand(operands, 'tables --', 'STUDY'));
  const status = planStatus(plan, folder);
  showTables(plan.name, folder, doneRecords(plan, status, folder));
  return status.counts.done === status.jobs.length ? 0 : 1;
}
