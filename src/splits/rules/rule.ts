import type { JsonObject } from '../../core/json.js';
import { indicesOf, matchExamples, type Predicate } from '../../variables/predicate.js';
import { describePredicate } from '../../variables/predicate-words.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import type { ExampleSets } from '../split.js';

/** What a rule needs to know; the section `split` of a config. */
export type SplitConfig = FactorConfig | StatementConfig | StratifiedConfig;

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
