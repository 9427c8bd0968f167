import { accuracyName, type DomainRecord, readScalar } from '../domain-record.js';
import { best, ownRecords, type SelectionRule } from '../rule.js';
import { validateInTraining } from './training-domain.js';

/**
 * The variant for ERM++, which finds its learning rates in a first pass and trains on all data in a second one:
 * training-domain validation by the first pass, reported is the second. DomainBed merges all records of a training
 * into one, the later over the earlier, so that the last checkpoint of each pass counts.
 */
export const autoRate: SelectionRule = {
  name: 'auto lr training-domain validation set',
  looksAtTest: false,
  prepare: mergePasses,
  choose: (records, testEnvironment) => ({
    checkpoint: best(
      ownRecords(records).map((record) => ({
        validation: validateInTraining(record, testEnvironment),
        test: readScalar(record, accuracyName(testEnvironment, 'in', 'full')),
        step: record.step,
        record,
      })),
    ),
    missing: [],
  }),
};

/** One record for each training: those whose arguments differ in nothing but the held-out share. */
function mergePasses(records: readonly DomainRecord[]): readonly DomainRecord[] {
  const merged = new Map<string, DomainRecord>();
  for (const record of records) {
    const { holdout_fraction: _, ...args } = record.args;
    const key = JSON.stringify(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1)));
    merged.set(key, { ...merged.get(key), ...record });
  }
  return [...merged.values()];
}
