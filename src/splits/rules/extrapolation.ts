import { divideByHeldValues } from './held-values.js';
import { levelRange, type SplitRule } from './rule.js';

/** Holds out the largest levels of every split variable. */
export const splitByExtrapolation: SplitRule = (table, config) =>
  divideByHeldValues(table, config, (levels, held) => levelRange(levels - held, levels));
