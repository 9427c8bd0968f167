import { accuracyName, type DomainRecord, readScalar } from '../domain-record.js';
import { ownRecords, type SelectionRule } from '../rule.js';

/**
 * Test-domain validation, an oracle: the last checkpoint, judged on the `out` split of the test environment itself.
 * One look at the test environment for each draw of hyper-parameters: there is no early stopping.
 */
export const oracle: SelectionRule = {
  name: 'test-domain validation set (oracle)',
  looksAtTest: true,
  choose: (records, testEnvironment) => {
    const record = last(ownRecords(records));
    if (record === undefined) return { checkpoint: undefined, missing: [] };
    const validation = readScalar(record, accuracyName(testEnvironment, 'out'));
    const test = readScalar(record, accuracyName(testEnvironment, 'in'));
    return { checkpoint: { validation, test, step: record.step, record }, missing: [] };
  },
};

/** The record of the highest step; of several the one that was written last. */
function last(records: readonly DomainRecord[]): DomainRecord | undefined {
  let found = records[0];
  for (const each of records) if (each.step >= found!.step) found = each;
  return found;
}
