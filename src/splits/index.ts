import { HeldoutError } from '../core/errors.js';
import { sha256 } from '../core/hash.js';
import { canonicalJson } from '../core/json.js';
import type { VariableTable } from '../variables/variable.js';
import { checkDivision, checkSplitConfig } from './checks.js';
import { splitByComposition } from './rules/composition.js';
import { splitByDomains } from './rules/domains.js';
import { splitByExtrapolation } from './rules/extrapolation.js';
import { splitByInterpolation } from './rules/interpolation.js';
import { splitByChance } from './rules/random.js';
import {
  type Division,
  type DomainsConfig,
  isDomains,
  isStatement,
  isStratified,
  type SplitConfig,
  type SplitRule,
  type StatementConfig,
  type StratifiedConfig,
} from './rules/rule.js';
import { splitByStatement } from './rules/statement.js';
import { splitIntoStrata } from './rules/stratified.js';
import { countSets, type Split } from './split.js';

const factorRules: Readonly<Record<string, SplitRule>> = {
  random: splitByChance,
  composition: splitByComposition,
  interpolation: splitByInterpolation,
  extrapolation: splitByExtrapolation,
};

/** Every rule by its name in `split.rule`. */
export const splitRules: Readonly<
  Record<
    string,
    SplitRule | SplitRule<StatementConfig> | SplitRule<StratifiedConfig> | SplitRule<DomainsConfig>
  >
> = {
  ...factorRules,
  statement: splitByStatement,
  stratified: splitIntoStrata,
  domains: splitByDomains,
};

/** Splits a table. Throws a HeldoutError that names the key to change when a set would be empty. */
export function makeSplit(table: VariableTable, config: SplitConfig): Split {
  const divide = findRule(config);
  checkSplitConfig(table, config);
  const { sets, held, statement } = divide(table);
  checkDivision(table, config, sets);
  return {
    rule: config.rule,
    sets,
    held,
    statement,
    hash: hashSplit(config.rule, { sets, held, statement }),
  };
}

function findRule(config: SplitConfig): (table: VariableTable) => Division {
  if (isStatement(config)) return (table) => splitByStatement(table, config);
  if (isStratified(config)) return (table) => splitIntoStrata(table, config);
  if (isDomains(config)) return (table) => splitByDomains(table, config);
  const rule = Object.hasOwn(factorRules, config.rule) ? factorRules[config.rule] : undefined;
  if (rule !== undefined) return (table) => rule(table, config);
  throw new HeldoutError({
    code: 'E_SPLIT_RULE',
    message: `there is no split rule '${config.rule}'`,
    place: 'split.rule',
    hints: [`one of ${Object.keys(splitRules).join(', ')}`],
  });
}

/**
 * The order in which a config names sets and levels decides nothing, as in the identity of a run; so of what a config
 * states itself, or whose shares it names, the sets alone are hashed.
 */
function hashSplit(rule: string, { sets, held, statement }: Division): string {
  const words = rule === 'statement' || rule === 'stratified' ? [] : statement;
  const { train, ...others } = sets;
  const rest = Object.keys(others).sort();
  const head = canonicalJson({ ...countSets(sets), rule, statement: words, held });
  return sha256(head, train, ...rest.map((name) => others[name]!));
}
