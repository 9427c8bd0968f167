import type { SelectionRule } from './rule.js';
import { lastCheckpoint } from './rules/last-checkpoint.js';
import { leaveOneOut } from './rules/leave-one-out.js';
import { oracle } from './rules/oracle.js';
import { trainingDomain } from './rules/training-domain.js';

export { type DomainArgs, type DomainRecord, describeTraining } from './domain-record.js';
export type { Checkpoint, MissingPartner, Outcome, SelectionRule } from './rule.js';
export { autoRate } from './rules/auto-rate.js';
export { type DomainGroup, groupRecords, type JudgedRun, type Selection, select } from './select.js';

/** The three of DomainBed, in the order of its tables. */
export const domainBedRules: readonly SelectionRule[] = [trainingDomain, leaveOneOut, oracle];

/** The rules whose rankings of algorithms are compared: those of DomainBed, and no choice of a checkpoint at all. */
export const comparedRules: readonly SelectionRule[] = [trainingDomain, leaveOneOut, lastCheckpoint, oracle];

/** The one that others are held against: it can always be followed, and it does not look at the test environment. */
export const usualRule: SelectionRule = trainingDomain;
