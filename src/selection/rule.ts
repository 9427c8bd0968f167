import type { DomainRecord } from './domain-record.js';

/** A checkpoint that a rule chose from a training. */
export interface Checkpoint {
  /** What it was chosen by; more is better. */
  readonly validation: number;
  /** What is reported: the accuracy on the `in` split of the test environment. */
  readonly test: number;
  readonly step: number;
  /** The record of the training without the test environment, at that step. */
  readonly record: DomainRecord;
}

/** A training that a rule would have needed. */
export interface MissingPartner {
  readonly testEnvironments: readonly number[];
  /** Steps at which it has no record though the training to be judged has one; empty: it has none at all. */
  readonly steps: readonly number[];
}

export interface Outcome {
  /** Undefined where nothing can be said, an X in tables. */
  readonly checkpoint: Checkpoint | undefined;
  readonly missing: readonly MissingPartner[];
}

/**
 * A way to choose: pure functions of records. What chooses sees the test environment of a training only where
 * `looksAtTest` says so, which tables then say too.
 */
export interface SelectionRule {
  /** As the titles of tables have it. */
  readonly name: string;
  readonly looksAtTest: boolean;
  /** Makes of the records of a group what is chosen from, where that is not the records themselves. */
  readonly prepare?: (records: readonly DomainRecord[]) => readonly DomainRecord[];
  /**
   * Chooses from the trainings of one draw of hyper-parameters in one trial: the one whose only test environment is
   * `testEnvironment`, beside those that leave out another one too.
   */
  readonly choose: (records: readonly DomainRecord[], testEnvironment: number) => Outcome;
}

/** Records of the training that leaves out this environment alone. */
export function ownRecords(records: readonly DomainRecord[]): readonly DomainRecord[] {
  return records.filter(({ args }) => args.test_envs.length === 1);
}

/** The record of the highest step; of several the one that was written last. */
export function lastRecord(records: readonly DomainRecord[]): DomainRecord | undefined {
  let found = records[0];
  for (const each of records) if (each.step >= found!.step) found = each;
  return found;
}

/** The first of those with the highest validation. */
export function best(checkpoints: readonly Checkpoint[]): Checkpoint | undefined {
  let found: Checkpoint | undefined;
  for (const each of checkpoints) if (found === undefined || each.validation > found.validation) found = each;
  return found;
}
