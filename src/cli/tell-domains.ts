import { listAbsentClasses } from '../splits/absent-classes.js';
import { makeSplit } from '../splits/index.js';
import { type DomainsConfig, isDomains, type SplitConfig } from '../splits/rules/rule.js';
import { countSets } from '../splits/split.js';
import type { VariableTable } from '../variables/variable.js';

/** What a split by environments makes of a table, and which classes an environment lacks; nothing of other splits. */
export function tellDomains(table: VariableTable, config: SplitConfig): readonly string[] {
  if (!isDomains(config)) return [];
  const { sets, held } = makeSplit(table, config);
  const counts = Object.entries(countSets(sets)).map(
    ([set, count]) => `${set} ${count.toLocaleString('en')}`,
  );
  const { levels } = table.variable(table.environment!);
  const named = namedSide(config, held[table.environment!]!, levels);
  return [`${table.environment} ${named}: ${counts.join(', ')}`, ...listAbsentClasses(table)];
}

function namedSide(
  { train }: DomainsConfig,
  held: readonly number[],
  levels: readonly (number | string)[],
): string {
  const test = levels.filter((_, level) => held.includes(level));
  const rest = levels.filter((_, level) => !held.includes(level));
  return train === undefined ? `${test.join(' and ')} held out` : `${rest.join(' and ')} alone in training`;
}
