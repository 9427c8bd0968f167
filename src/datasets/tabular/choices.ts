import { HeldoutError } from '../../core/errors.js';
import type { VariableTable } from '../../variables/variable.js';
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
  /** The column among these whose levels are environments; no input. */
  readonly environment?: string;
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

/** What a table says of its variables. */
export function rolesOf({
  target,
  protected: groups,
  environment,
}: VariableChoices): Pick<VariableTable, 'strata' | 'label' | 'environment'> {
  const strata = [target, ...groups].map(({ column }) => column);
  return { strata, label: target.column, ...(environment !== undefined && { environment }) };
}

/**
 * The columns that are to be variables beside target and protected ones: that of the environments, too, where it is
 * not named among them. Throws HeldoutError where it is the target.
 */
export function chooseEnvironment(
  environment: string | null | undefined,
  target: string,
  groups: readonly string[],
  variables: readonly string[],
): Pick<VariableChoices, 'variables' | 'environment'> {
  const others = variables.map((column) => ({ column, place: 'dataset.variables' }));
  if (environment == null) return { variables: others };
  if (environment === target) {
    throw new HeldoutError({
      code: 'E_DATA_COLUMN',
      message: `'${environment}' is dataset.target already`,
      place: 'dataset.environment',
      hints: ['name another column, whose values are sites or domains'],
    });
  }
  const known = [...groups, ...variables].includes(environment);
  return {
    variables: known ? others : [...others, { column: environment, place: 'dataset.environment' }],
    environment,
  };
}
