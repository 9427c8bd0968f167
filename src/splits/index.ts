import { HeldoutError } from '../core/errors.js';
import { sha256 } from '../core/hash.js';
import { canonicalJson } from '../core/json.js';
import { indicesOf } from '../variables/predicate.js';
import type { VariableTable } from '../variables/variable.js';
import { checkDivision, checkSplitConfig } from './checks.js';
import { splitByComposition } from './rules/composition.js';
import { splitByExtrapolation } from './rules/extrapolation.js';
import { splitByInterpolation } from './rules/interpolation.js';
import { splitByChance } from './rules/random.js';
import type { SplitConfig, SplitRule } from './rules/rule.js';
import type { Split } from './split.js';

/** Every rule by its name in `split.rule`. */
export const splitRules: Readonly<Record<string, SplitRule>> = {
  random: splitByChance,
  composition: splitByComposition,
  interpolation: splitByInterpolation,
  extrapolation: splitByExtrapolation,
};

/** Splits a table. Throws a HeldoutError that names the key to change when a set would be empty. */
export function makeSplit(table: VariableTable, config: SplitConfig): Split {
  const rule = Object.hasOwn(splitRules, config.rule) ? splitRules[config.rule] : undefined;
  if (rule === undefined) {
    throw new HeldoutError({
      code: 'E_SPLIT_RULE',
      message: `there is no split rule '${config.rule}'`,
      place: 'split.rule',
      hints: [`one of ${Object.keys(splitRules).join(', ')}`],
    });
  }
  checkSplitConfig(table, config);
  const { inTest, held, statement } = rule(table, config);
  const sets = { train: indicesOf(inTest, 0), test: indicesOf(inTest, 1) };
  checkDivision(table, config, sets);
  const head = { rule: config.rule, statement, held, train: sets.train.length, test: sets.test.length };
  return {
    rule: config.rule,
    sets,
    held,
    statement,
    hash: sha256(canonicalJson(head), sets.train, sets.test),
  };
}
