import { accuracyName, readScalar } from '../domain-record.js';
import { lastRecord, ownRecords, type SelectionRule } from '../rule.js';
import { validateInTraining } from './training-domain.js';

/**
 * No choice of a checkpoint: the last one, as the oracle has it, judged as training-domain validation judges. What this
 * has less than that rule is what early stopping brings; what it has less than the oracle, the choice of a draw.
 */
export const lastCheckpoint: SelectionRule = {
  name: 'last checkpoint, training-domain validation set',
  looksAtTest: false,
  choose: (records, testEnvironment) => {
    const record = lastRecord(ownRecords(records));
    if (record === undefined) return { checkpoint: undefined, missing: [] };
    const validation = validateInTraining(record, testEnvironment);
    const test = readScalar(record, accuracyName(testEnvironment, 'in'));
    return { checkpoint: { validation, test, step: record.step, record }, missing: [] };
  },
};
