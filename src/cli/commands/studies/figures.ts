import type { ExitCode } from '../../../core/errors.js';
import { chooseNames } from '../../../reports/report-choice.js';
import { planStatus } from '../../../sweeps/plan-status.js';
import type { Arguments } from '../../arguments/arguments.js';
import { findPlan } from '../../find-plan.js';
import { isImport, showImportFigures } from '../../imports/show-import.js';
import { doneRecords, reportChoice, showFigures, tellUnfinished } from '../../output/report-study.js';
import { composeForOperands, inPlace, requireOperand, resultsFolder } from '../../output/results.js';

/** `npm run figures -- STUDY [FIGURE ...]`: draws the figures from records, predictions and metrics that are there, or those of an import. */
export async function rebuildFigures(args: Arguments): Promise<ExitCode> {
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const [name] = operands;
  if (isImport(folder, name)) {
    return inPlace(folder, () => showImportFigures(folder, name, operands.slice(1)));
  }
  const plan = findPlan(folder, requireOperand(operands.slice(0, 1), 'figures --', 'STUDY'));
  const words = operands.slice(1);
  const part = words.length > 0;
  const names = part ? chooseNames('figures', words) : reportChoice(plan).figures;
  const status = planStatus(plan, folder);
  await inPlace(folder, () => showFigures(plan, folder, doneRecords(plan, status, folder), names, { part }));
  return tellUnfinished(plan, status);
}
