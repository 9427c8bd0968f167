import { accuracyName, countEnvironments, type DomainRecord, readScalar } from '../domain-record.js';
import { numpyMean } from '../numpy-sum.js';
import { best, ownRecords, type SelectionRule } from '../rule.js';

/**
 * Training-domain validation: the checkpoint with the highest mean accuracy over the `out` splits of the
 * environments that were trained on (Gulrajani and Lopez-Paz 2021, section 3.1).
 */
export const trainingDomain: SelectionRule = {
  name: 'training-domain validation set',
  looksAtTest: false,
  choose: (records, testEnvironment) => ({
    checkpoint: best(
      ownRecords(records).map((record) => ({
        validation: validateInTraining(record, testEnvironment),
        test: readScalar(record, accuracyName(testEnvironment, 'in')),
        step: record.step,
        record,
      })),
    ),
    missing: [],
  }),
};

export function validateInTraining(record: DomainRecord, testEnvironment: number): number {
  const accuracies: number[] = [];
  for (let environment = 0; environment < countEnvironments(record); environment++) {
    if (environment !== testEnvironment)
      accuracies.push(readScalar(record, accuracyName(environment, 'out')));
  }
  return numpyMean(accuracies);
}
