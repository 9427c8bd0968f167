import { accuracyName, countEnvironments, type DomainRecord, readScalar } from '../domain-record.js';
import { best, ownRecords, type SelectionRule } from '../rule.js';

/**
 * Worst-environment validation: the checkpoint whose lowest accuracy over the `out` splits of the environments that were
 * trained on is highest. Validation by the worst group (Sagawa et al. 2020, section 3.1) with environments as groups; none
 * of DomainBed's.
 */
export const worstEnvironment: SelectionRule = {
  name: 'worst-environment validation set',
  looksAtTest: false,
  choose: (records, testEnvironment) => ({
    checkpoint: best(
      ownRecords(records).map((record) => ({
        validation: validateInWorst(record, testEnvironment),
        test: readScalar(record, accuracyName(testEnvironment, 'in')),
        step: record.step,
        record,
      })),
    ),
    missing: [],
  }),
};

/** 0 .. 1; NaN where one of them is no number. */
function validateInWorst(record: DomainRecord, testEnvironment: number): number {
  let worst = Number.POSITIVE_INFINITY;
  for (let environment = 0; environment < countEnvironments(record); environment++) {
    if (environment !== testEnvironment)
      worst = Math.min(worst, readScalar(record, accuracyName(environment, 'out')));
  }
  return Number.isFinite(worst) ? worst : Number.NaN;
}
