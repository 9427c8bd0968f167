import type { ExitCode } from '../../../core/errors.js';
import { chooseNames } from '../../../reports/report-choice.js';
import { planStatus } from '../../../sweeps/plan-status.js';
import type { Arguments } from '../../arguments/arguments.js';
import { findPlan } from '../../find-plan.js';
import { isImport, showImportTables } from '../../imports/show-import.js';
import { doneRecords, reportChoice, showTables, tellUnfinished } from '../../output/report-study.js';
import { composeForOperands, inPlace, requireOperand, resultsFolder } from '../../output/results.js';

/**
 * `npm run tables -- STUDY [TABLE ...]`: builds the tables from the records, or the imported predictions, that are there.
 * With `--layout`: those of a folder that another program left.
 */
export async function rebuildTables(args: Arguments): Promise<ExitCode> {
  if (args.layout !== undefined) return (await import('../layouts/domainbed.js')).showDomainBedTables(args);
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const [name] = operands;
  if (isImport(folder, name)) {
    return inPlace(folder, () => showImportTables(folder, name, operands.slice(1)));
  }
  const plan = findPlan(folder, requireOperand(operands.slice(0, 1), 'tables --', 'STUDY'));
  const words = operands.slice(1);
  const part = words.length > 0;
  const names = part ? chooseNames('tables', words) : reportChoice(plan).tables;
  const status = planStatus(plan, folder);
  await inPlace(folder, () => showTables(plan, folder, doneRecords(plan, status, folder), names, { part }));
  return tellUnfinished(plan, status);
}
