import type { ColumnKind } from './columns/kinds.js';

/** Which columns become variables. */
export interface VariableChoices {
  readonly target: TargetChoice;
  /** Columns whose groups are to be treated alike, the main one first. */
  readonly protected: readonly VariableChoice[];
  /** Levels of the main protected column: they against all others. */
  readonly protectedPositive?: string | readonly string[] | undefined;
  /** Other columns that become variables; in a table they stay inputs. */
  readonly variables: readonly VariableChoice[];
}

/** What a dataset makes of imported columns. */
export interface TableChoices extends VariableChoices {
  readonly name: string;
  /** Whether protected columns are inputs, too. */
  readonly useProtected: boolean;
  /** `drop`: rows with missing values are left out; `level`: they are a level of their own, or the train mean. */
  readonly missing: 'drop' | 'level';
  /** What levels are in a second file that the first has not: an error, or no level at all. */
  readonly unknown: 'error' | 'zero';
  /** Kinds that say more than how a column is kept: `log1p`, `ordinal`. */
  readonly kinds: Readonly<Record<string, ColumnKind>>;
  /** Columns that were left out because somebody asked for it. */
  readonly leftOut: readonly string[];
  /** Columns that are never kept. */
  readonly never: readonly string[];
}

export interface VariableChoice {
  readonly column: string;
  /** The order of its levels, where it is not that of numbers or letters. */
  readonly order?: readonly string[];
  /** What a level is called. */
  readonly names?: Readonly<Record<string, string>>;
  /** The key that names it, for errors. */
  readonly place: string;
}

export interface TargetChoice extends VariableChoice {
  /** The level that counts as positive, the last one unless given; a list: these against all others. */
  readonly positive?: string | readonly string[] | undefined;
}
