import { nameLevels } from '../../variables/levels.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import type { Sides } from './check-domains.js';
import { type DomainsConfig, usualHoldout } from './rule.js';

/** What a split by environments says in words, a sentence for each set. */
export function describeDomains(
  table: VariableTable,
  { variable, train, test, single }: Sides,
  config: DomainsConfig,
  parts: Variable | undefined,
  sets: Readonly<Record<string, Uint32Array>>,
): readonly string[] {
  const { holdout = usualHoldout, uda = 0, trial = 0, limit, shots } = config;
  const names = nameLevels(variable);
  const whole = (part: string, levels: readonly number[]): string => {
    const environments = `${variable.name} ${list(levels.map((level) => names[level]!))}`;
    return parts === undefined
      ? `every example of ${environments}`
      : `every example of part ${part} of ${environments}`;
  };
  const share = (levels: readonly number[]): string => {
    if (parts?.levels.includes('validation')) return whole('validation', levels);
    const half = single && parts === undefined ? 'the first half of ' : '';
    return `${half}a share of ${holdout} of ${whole('train', levels)}, the first of RandomState(seed_hash(${trial}, index)).shuffle`;
  };
  const cut = parts?.levels.includes('validation') !== true && holdout > 0;
  const but = (...left: readonly string[]) => (left.length === 0 ? '' : ` but those of ${list(left)}`);
  const half = `the second half of that share of every example of ${variable.name}`;
  const tested = (levels: readonly number[]) =>
    single && parts === undefined
      ? `${half} ${list(levels.map((level) => names[level]!))}`
      : whole('test', levels);
  const fewer = limit === undefined ? '' : `; of each at most the first ${limit}`;
  const few =
    shots === undefined || shots === 'all'
      ? fewer
      : `${fewer}; of each at most ${shots} of every ${table.label}, draw ${trial}`;
  const fromTest = parts === undefined && !single;
  const untrained = [...(cut ? ['validation'] : []), ...(single && parts === undefined ? ['iid'] : [])];
  const untested = fromTest ? [...(cut ? ['test_out'] : []), ...(uda > 0 ? ['uda'] : [])] : [];
  const sentences: Readonly<Record<string, () => string>> = {
    train: () => `${whole('train', train)}${but(...untrained)}${few}`,
    validation: () => share(train),
    iid: () => tested(train),
    ood: () => tested(test),
    test: () => `${tested(test)}${but(...untested)}`,
    test_out: () => `${share(test)}, for oracles`,
    uda: () =>
      `a share of ${uda} of ${fromTest ? 'what would be test' : whole('train', test)}, without labels`,
  };
  return Object.entries(sets).map(([name, { length }]) => `${name}: ${sentences[name]!()} (${length})`);
}

function list(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? '');
}
