import type { SelectionRule } from './rule.js';
import { lastCheckpoint } from './rules/last-checkpoint.js';
import { leaveOneOut } from './rules/leave-one-out.js';
import { oracle } from './rules/oracle.js';
import { trainingDomain } from './rules/training-domain.js';
import { worstEnvironment } from './rules/worst-environment.js';

export { type DomainArgs, type DomainRecord, describeTraining } from './domain-record.js';
export type { Checkpoint, MissingPartner, Outcome, SelectionRule } from './rule.js';
export { autoRate } from './rules/auto-rate.js';
export { type DomainGroup, groupRecords, type JudgedRun, type Selection, select } from './select.js';

/** The three of DomainBed, in the order of its tables. */
export const domainBedRules: readonly SelectionRule[] = [trainingDomain, leaveOneOut, oracle];

/** What tables of own studies show: one more, which DomainBed does not have. */
export const ownRules: readonly SelectionRule[] = [trainingDomain, worstEnvironment, leaveOneOut, oracle];

/** The rules whose rankings of algorithms are compared: with them no choice of a checkpoint at all. */
export const comparedRules: readonly SelectionRule[] = [
  trainingDomain,
  worstEnvironment,
  leaveOneOut,
  lastCheckpoint,
  oracle,
];

/** The one that others are held against: it can always be followed, and it does not look at the test environment. */
export const usualRule: SelectionRule = trainingDomain;
