import { all, any, isIn } from '../../variables/predicate.js';
import type { VariableTable } from '../../variables/variable.js';
import { type Division, divideBy, type FactorConfig, levelRange, splitVariables } from './rule.js';

/** The level indices to hold out of `levels` when `held` of them must be. */
export type HeldChoice = (levels: number, held: number) => readonly number[];

/**
 * An example is in test if at least one of its levels is held out, in train if none is. Each split
 * variable with n levels holds out ceil(n · share) of them (Schott et al., 2022).
 */
export function divideByHeldValues(table: VariableTable, config: FactorConfig, choose: HeldChoice): Division {
  const held: Record<string, readonly number[]> = {};
  for (const variable of table.variables) held[variable.name] = [];
  const variables = splitVariables(table, config);
  for (const { name, levels } of variables) {
    held[name] = choose(levels.length, Math.ceil(levels.length * config.share));
  }
  const seen = variables.map(({ name, levels }) =>
    isIn(
      name,
      levelRange(0, levels.length).filter((level) => !held[name]!.includes(level)),
    ),
  );
  return divideBy(table, all(seen), any(variables.map(({ name }) => isIn(name, held[name]!))), held);
}
