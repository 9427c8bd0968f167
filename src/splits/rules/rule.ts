import { matchExamples, type Predicate } from '../../variables/predicate.js';
import { describePredicate } from '../../variables/predicate-words.js';
import type { Variable, VariableTable } from '../../variables/variable.js';

/** What a rule needs to know; the section `split` of a config. */
export interface SplitConfig {
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

/** Which examples a rule puts into test (1) and train (0), and the statement that says so. */
export interface Division {
  readonly inTest: Uint8Array;
  readonly held: Readonly<Record<string, readonly number[]>>;
  readonly statement: readonly string[];
}

/** Divides a table by a checked config. */
export type SplitRule = (table: VariableTable, config: SplitConfig) => Division;

/** The variables that a config lets a rule split. */
export function splitVariables(table: VariableTable, config: SplitConfig): readonly Variable[] {
  return table.variables.filter((variable) => !config.fixed.includes(variable.name));
}

/** The level indices low .. high − 1. */
export function levelRange(low: number, high: number): readonly number[] {
  return Array.from({ length: Math.max(0, high - low) }, (_, i) => low + i);
}

/** A division by two statements that exclude and complete each other. */
export function divideBy(
  table: VariableTable,
  train: Predicate,
  test: Predicate,
  held: Readonly<Record<string, readonly number[]>>,
): Division {
  return {
    inTest: matchExamples(table, test),
    held,
    statement: [
      `train: every example whose ${describePredicate(train, table.variables)}`,
      `test: every example whose ${describePredicate(test, table.variables)}`,
    ],
  };
}
