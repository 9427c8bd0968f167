import type { JsonObject } from '../../core/json.js';
import { indicesOf, matchExamples, type Predicate } from '../../variables/predicate.js';
import { describePredicate } from '../../variables/predicate-words.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import type { ExampleSets } from '../split.js';

/** What a rule needs to know; the section `split` of a config. */
export type SplitConfig = FactorConfig | StatementConfig | StratifiedConfig | DomainsConfig;

/** Of a rule that divides the levels of every variable. */
export interface FactorConfig {
  /** random, composition, interpolation or extrapolation. */
  readonly rule: string;
  /** Variables that are never split: all their levels occur in training with all others. */
  readonly fixed: readonly string[];
  /** Share of each split variable's levels that is held out, in (0, 1). */
  readonly share: number;
  /** Composition: share of low levels per variable; follows from `share` where it is not given. */
  readonly composition_share?: number | null | undefined;
  /** Random: seed of numpy's RandomState, 0 where it is not given. */
  readonly seed?: number | null | undefined;
}

/** Of the rule that states every set. */
export interface StatementConfig {
  readonly rule: 'statement';
  /** By name: a statement (see `parseStatement`), or `{of: SET, share: S}`, a part of another set at random. */
  readonly sets: Readonly<Record<string, JsonObject>>;
  /** Draws the parts. */
  readonly seed?: number | null | undefined;
}

/** Of the rule that draws sets in which every stratum has its share. */
export interface StratifiedConfig {
  readonly rule: 'stratified';
  /** By name, `train` among them; together at most 1. */
  readonly shares: Readonly<Record<string, number>>;
  /** Variables whose joint levels are the strata; those that the table names where it is not given. */
  readonly by?: readonly string[] | null | undefined;
  readonly seed?: number | null | undefined;
}

/** Of the rule that holds out environments; exactly one of `test` and `train` is given. */
export interface DomainsConfig {
  readonly rule: 'domains';
  /** Environments that training never sees, by index (a number) or name: it sees all others. */
  readonly test?: readonly (number | string)[] | undefined;
  /** The only environments that training sees: all others are tested on. */
  readonly train?: readonly (number | string)[] | undefined;
  /** Share of every environment that is kept from training, in [0, 1); 0.2 unless given. */
  readonly holdout?: number | undefined;
  /** Share of what is tested of a test environment that is given to adaptation without labels, in [0, 1). */
  readonly uda?: number | undefined;
  /** Draws the shares and the shots, 0 unless given. */
  readonly trial?: number | undefined;
  /** Whether the published parts of a dataset that has the variable `part` are kept; they are unless given. */
  readonly parts?: boolean | undefined;
  /** Training examples of an environment, at most: the first that were drawn; all unless given. */
  readonly limit?: number | undefined;
  /** Training examples of each class of an environment; all unless given. */
  readonly shots?: number | 'all' | undefined;
}

/** Share of an environment that is kept from training, where a config names none. */
export const usualHoldout = 0.2;

export function isDomains(config: SplitConfig): config is DomainsConfig {
  return config.rule === 'domains';
}

export function isStratified(config: SplitConfig): config is StratifiedConfig {
  return config.rule === 'stratified';
}

export function isStatement(config: SplitConfig): config is StatementConfig {
  return config.rule === 'statement';
}

/** The sets that a rule makes of a table, and the statement that says so. */
export interface Division {
  readonly sets: ExampleSets;
  readonly held: Readonly<Record<string, readonly number[]>>;
  readonly statement: readonly string[];
}

/** Divides a table by a checked config. */
export type SplitRule<Config = FactorConfig> = (table: VariableTable, config: Config) => Division;

/** The variables that a config lets a rule split. */
export function splitVariables(table: VariableTable, config: FactorConfig): readonly Variable[] {
  return table.variables.filter((variable) => !config.fixed.includes(variable.name));
}

/** The level indices low .. high − 1. */
export function levelRange(low: number, high: number): readonly number[] {
  return Array.from({ length: Math.max(0, high - low) }, (_, i) => low + i);
}

/** A training set and a test set that complete each other: 1 for an example of the test set, else 0. */
export function takeSides(inTest: Uint8Array): ExampleSets {
  return { train: indicesOf(inTest, 0), test: indicesOf(inTest, 1) };
}

/** A division by two statements that exclude and complete each other. */
export function divideBy(
  table: VariableTable,
  train: Predicate,
  test: Predicate,
  held: Readonly<Record<string, readonly number[]>>,
): Division {
  return {
    sets: takeSides(matchExamples(table, test)),
    held,
    statement: [
      `train: every example whose ${describePredicate(train, table.variables)}`,
      `test: every example whose ${describePredicate(test, table.variables)}`,
    ],
  };
}
