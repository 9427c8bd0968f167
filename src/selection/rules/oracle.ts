import { accuracyName, readScalar } from '../domain-record.js';
import { lastRecord, ownRecords, type SelectionRule } from '../rule.js';

/**
 * Test-domain validation, an oracle: the last checkpoint, judged on the `out` split of the test environment itself.
 * One look at the test environment for each draw of hyper-parameters: there is no early stopping.
 */
export const oracle: SelectionRule = {
  name: 'test-domain validation set (oracle)',
  looksAtTest: true,
  choose: (records, testEnvironment) => {
    const record = lastRecord(ownRecords(records));
    if (record === undefined) return { checkpoint: undefined, missing: [] };
    const validation = readScalar(record, accuracyName(testEnvironment, 'out'));
    const test = readScalar(record, accuracyName(testEnvironment, 'in'));
    return { checkpoint: { validation, test, step: record.step, record }, missing: [] };
  },
};
