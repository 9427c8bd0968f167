import { accuracyName, countEnvironments, type DomainRecord, readScalar } from '../domain-record.js';
import { numpySum } from '../numpy-sum.js';
import { best, type Checkpoint, type MissingPartner, ownRecords, type SelectionRule } from '../rule.js';

/**
 * Leave-one-domain-out cross-validation: at every step the mean accuracy on each other environment's `in` split of
 * the training that leaves it out beside the test environment. A step at which one of these trainings has no record
 * is passed over.
 */
export const leaveOneOut: SelectionRule = {
  name: 'leave-one-domain-out cross-validation',
  looksAtTest: false,
  choose: (records, testEnvironment) => {
    const checkpoints: Checkpoint[] = [];
    const gaps = new Map<number, number[]>();
    for (const [step, atStep] of groupBySteps(records)) {
      const [record, ...others] = ownRecords(atStep);
      if (record === undefined || others.length > 0) continue;
      const accuracies = validateByPartners(atStep, testEnvironment);
      const missing = [...accuracies.keys()].filter((each) => accuracies.get(each) === undefined);
      for (const environment of missing) gaps.set(environment, [...(gaps.get(environment) ?? []), step]);
      if (missing.length > 0) continue;
      const values = [...accuracies.values()] as number[];
      const test = readScalar(record, accuracyName(testEnvironment, 'in'));
      checkpoints.push({ validation: numpySum(values) / values.length, test, step, record });
    }
    const missing = describeGaps(gaps, records, testEnvironment);
    return { checkpoint: best(checkpoints), missing };
  },
};

function groupBySteps(records: readonly DomainRecord[]): [number, DomainRecord[]][] {
  const groups = new Map<number, DomainRecord[]>();
  for (const record of records) {
    const group = groups.get(record.step);
    if (group === undefined) groups.set(record.step, [record]);
    else group.push(record);
  }
  return [...groups].sort(([a], [b]) => a - b);
}

/** The accuracy on every other environment where it was left out too; undefined where there is no such record. */
function validateByPartners(
  records: readonly DomainRecord[],
  testEnvironment: number,
): Map<number, number | undefined> {
  const accuracies = new Map<number, number | undefined>();
  for (let environment = 0; environment < countEnvironments(records[0]!); environment++) {
    if (environment !== testEnvironment) accuracies.set(environment, undefined);
  }
  for (const record of records) {
    const partner = partnerOf(record, testEnvironment);
    if (partner !== undefined) accuracies.set(partner, readScalar(record, accuracyName(partner, 'in')));
  }
  return accuracies;
}

/** The environment that a training leaves out beside the test environment. */
function partnerOf({ args }: DomainRecord, testEnvironment: number): number | undefined {
  if (args.test_envs.length !== 2) return undefined;
  return args.test_envs.find((each) => each !== testEnvironment);
}

/** The trainings that would have been needed, or else the steps that they lack. */
function describeGaps(
  gaps: ReadonlyMap<number, readonly number[]>,
  records: readonly DomainRecord[],
  testEnvironment: number,
): MissingPartner[] {
  if (ownRecords(records).length === 0) return [{ testEnvironments: [testEnvironment], steps: [] }];
  const there = new Set(records.map((record) => partnerOf(record, testEnvironment)));
  return [...gaps].map(([environment, steps]) => ({
    testEnvironments: [testEnvironment, environment].sort((a, b) => a - b),
    steps: there.has(environment) ? steps : [],
  }));
}
