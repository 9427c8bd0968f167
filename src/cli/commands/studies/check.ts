import { checkExpectations } from '../../../analysis/expectations/check.js';
import { type Expectations, expectationsSchema, listTables } from '../../../analysis/expectations/schema.js';
import { type ExitCode, HeldoutError } from '../../../core/errors.js';
import { readTextIfThere } from '../../../core/files/files.js';
import type { StudyRecords } from '../../../reports/records/study-records.js';
import { buildStudyTables } from '../../../reports/tables/study-tables.js';
import { tableNames } from '../../../reports/tables/table-catalogue.js';
import { planStatus } from '../../../sweeps/plan-status.js';
import { readCell } from '../../../tables/read-cell.js';
import type { Table } from '../../../tables/table.js';
import type { Arguments } from '../../arguments/arguments.js';
import { experimentFile } from '../../experiment-file.js';
import { findPlan } from '../../find-plan.js';
import { print } from '../../output/print.js';
import { doneRecords, tellUnfinished } from '../../output/report-study.js';
import { composeForOperands, requireOperand, resultsFolder } from '../../output/results.js';

/** `check STUDY`: compares what came out with `experiments/STUDY/expected.json`; exit code 1 unless all holds. */
export async function checkExperiment(args: Arguments): Promise<ExitCode> {
  const { study, operands } = composeForOperands(args);
  const folder = resultsFolder(study);
  const plan = findPlan(folder, requireOperand(operands, 'experiment -- check', 'STUDY'));
  const expected = readExpectations(experimentFile(plan.study, 'expected.json'));
  const status = planStatus(plan, folder);
  const found = doneRecords(plan, status, folder);
  const tables = await buildNamedTables(found, expected);
  const verdicts = checkExpectations(
    { records: found.records, readCell: (cell) => readCell(tables, cell) },
    expected,
  );
  if (args.json) print(JSON.stringify(verdicts, null, 2));
  else {
    for (const { verdict, claim, scale, found, source } of verdicts) {
      const lines = [
        claim,
        ...(scale === undefined ? [] : [`at ${scale}`]),
        `found ${found}`,
        `from ${source}`,
      ];
      print(`${verdict.padEnd(7)}  ${lines.join(`\n${' '.repeat(9)}`)}`);
    }
    const held = verdicts.filter(({ verdict }) => verdict === 'holds').length;
    print(`\n${held} of ${verdicts.length} hold.`);
  }
  tellUnfinished(plan, status);
  return verdicts.every(({ verdict }) => verdict === 'holds') ? 0 : 1;
}

/** The tables that the expectations are about; a name ends in the dataset where a study has several. */
function buildNamedTables(study: StudyRecords, expected: Expectations): Promise<readonly Table[]> {
  const wanted = listTables(expected);
  const names = tableNames.filter((name) => wanted.some((one) => one === name || one.startsWith(`${name}-`)));
  return buildStudyTables(study, { names, whole: true });
}

function readExpectations(path: string) {
  const text = readTextIfThere(path);
  const fail = (message: string, hint: string, cause?: unknown) =>
    new HeldoutError({ code: 'E_EXPECTED', message, place: path, hints: [hint], cause });
  if (text === undefined)
    throw fail(
      'this experiment has no expected.json',
      'write one beside its experiment.yaml, as experiments/held-out-dsprites has it',
    );
  try {
    return expectationsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw fail(
      `it is not what check reads: ${error instanceof Error ? error.message : String(error)}`,
      'compare with experiments/held-out-dsprites/expected.json',
      error,
    );
  }
}
