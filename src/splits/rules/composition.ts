import { all, any, isIn } from '../../variables/predicate.js';
import { divideBy, type FactorConfig, levelRange, type SplitRule, splitVariables } from './rule.js';

/**
 * An example is in train if at least one of its levels is low, in test if none is: every level occurs in
 * training, combinations without a low level do not.
 */
export const splitByComposition: SplitRule = (table, config) => {
  const variables = splitVariables(table, config);
  const share = compositionShare(config, variables.length);
  const parts = variables.map(({ name, levels }) => ({
    name,
    low: levelRange(0, Math.floor(levels.length * share)),
    high: levelRange(Math.floor(levels.length * share), levels.length),
  }));
  // A variable without low levels says nothing, except where no variable has any.
  const split = parts.filter(({ low }) => low.length > 0);
  return divideBy(
    table,
    any(split.map(({ name, low }) => isIn(name, low))),
    all(split.map(({ name, high }) => isIn(name, high))),
    Object.fromEntries(table.variables.map((variable) => [variable.name, []])),
  );
};

/** q = 1 − (1 − (1 − r)^k)^(1/k): as many training combinations as r held out of each of k variables leaves. */
export function compositionShare(config: FactorConfig, variables: number): number {
  return config.composition_share ?? 1 - (1 - (1 - config.share) ** variables) ** (1 / variables);
}
