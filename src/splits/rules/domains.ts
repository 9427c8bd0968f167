import { countLevels } from '../../variables/targets.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import { cutDomain } from '../domain-cut.js';
import { drawShots } from '../shots.js';
import { findSides, type Sides } from './check-domains.js';
import { describeDomains } from './describe-domains.js';
import { type DomainsConfig, type SplitRule, usualHoldout } from './rule.js';

/** What an environment gives to the sets; disjoint, in the order drawn. */
interface Cut {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Environments that training never sees (DomainBed, train.py). The n examples of environment e are shuffled by numpy's
 * RandomState(seed_hash(trial, e)): the first floor(holdout n) are *out*, the others *in*.
 *
 * | set          | `test: [..]`                        | `train: [..]`                                       |
 * |--------------|-------------------------------------|-----------------------------------------------------|
 * | `train`      | in of the other environments        | in of these environments                            |
 * | `validation` | out of the other environments       | the first half of out of these                      |
 * | `test`       | in of these environments            |                                                     |
 * | `test_out`   | out of these, for oracles           |                                                     |
 * | `uda`        | a share of `test`, taken from it    |                                                     |
 * | `iid`        |                                     | the second half of out of these                     |
 * | `ood`        |                                     | the second half of out of all other environments    |
 *
 * A dataset that has the variable `part` keeps its parts, unless told otherwise: `train`, `validation` and what is tested
 * (`test`, or `iid` and `ood`) are of the part of that name, `test_out` is of `validation` and `uda` a share of `train`;
 * where there is no part `validation`, it is out of the part `train`. So what several environments were derived from is
 * either trained on or tested on, and, with a part `validation`, in that part alone; without one, environments are
 * shuffled apart, and what one of them trains on can be in the validation of another. Sets that a share of 0 leaves empty
 * are left away.
 */
export const splitByDomains: SplitRule<DomainsConfig> = (table, config) => {
  const sides = findSides(table, config);
  const parts = findParts(table, config);
  const cuts = sides.variable.levels.map((_, level) =>
    parts === undefined
      ? cutByChance(table, sides, level, config)
      : cutByParts(table, sides, level, config, parts),
  );
  const all = (levels: readonly number[], part: keyof Cut) => join(levels.map((level) => cuts[level]![part]));
  const { uda: share = 0, trial = 0 } = config;
  const shared = sides.test.map((level) => {
    const from = parts === undefined ? cuts[level]!.test : cuts[level]!.train;
    return cutDomain(from, share, { trial, environment: level });
  });
  const sets: Record<string, Uint32Array> = sides.single
    ? {
        train: takeShots(table, sides, cuts, config),
        validation: all(sides.train, 'validation'),
        iid: all(sides.train, 'test'),
        ood: all(sides.test, 'test'),
      }
    : {
        train: takeShots(table, sides, cuts, config),
        validation: all(sides.train, 'validation'),
        test: parts === undefined ? join(shared.map(([, rest]) => rest)) : all(sides.test, 'test'),
        test_out: all(sides.test, 'validation'),
      };
  if (share > 0) sets.uda = join(shared.map(([unlabelled]) => unlabelled));
  if ((config.holdout ?? usualHoldout) === 0) {
    for (const name of ['validation', 'test_out']) if (sets[name]?.length === 0) delete sets[name];
  }
  return {
    sets: { train: sets.train!, ...sets },
    held: Object.fromEntries(
      table.variables.map(({ name }) => [name, name === sides.variable.name ? sides.test : []]),
    ),
    statement: describeDomains(table, sides, config, parts, sets),
  };
};

/** The variable `part`, where its levels say what is for training and what for testing. */
function findParts(table: VariableTable, { parts = true }: DomainsConfig): Variable | undefined {
  const part = table.variables.find(({ name }) => name === 'part');
  if (!parts || part === undefined || table.environment === 'part') return undefined;
  return part.levels.includes('train') && part.levels.includes('test') ? part : undefined;
}

function cutByChance(
  table: VariableTable,
  { variable, single }: Sides,
  level: number,
  { holdout = usualHoldout, trial = 0 }: DomainsConfig,
): Cut {
  const own = listExamples(table, variable.name, level);
  const [out, rest] = cutDomain(own, holdout, { trial, environment: level });
  if (!single) return { train: rest, validation: out, test: rest };
  const half = Math.floor(out.length / 2);
  return { train: rest, validation: out.subarray(0, half), test: out.subarray(half) };
}

function cutByParts(
  table: VariableTable,
  { variable }: Sides,
  level: number,
  { holdout = usualHoldout, trial = 0 }: DomainsConfig,
  part: Variable,
): Cut {
  const column = table.column('part');
  const examples = listExamples(table, variable.name, level);
  const of = (name: string) => examples.filter((example) => part.levels[column[example]!] === name);
  const test = of('test');
  if (part.levels.includes('validation')) return { train: of('train'), validation: of('validation'), test };
  const [validation, train] = cutDomain(of('train'), holdout, { trial, environment: level });
  return { train, validation, test };
}

/** Ascending. */
function listExamples(table: VariableTable, name: string, level: number): Uint32Array {
  const column = table.column(name);
  const examples = new Uint32Array(countLevels(table, name)[level]!);
  let at = 0;
  for (let example = 0; example < table.size; example++) {
    if (column[example] === level) examples[at++] = example;
  }
  return examples;
}

function takeShots(
  table: VariableTable,
  { train }: Sides,
  cuts: readonly Cut[],
  { limit, shots, trial = 0 }: DomainsConfig,
): Uint32Array {
  return join(
    train.map((level) => {
      const examples = cuts[level]!.train.subarray(0, limit);
      if (shots === undefined || shots === 'all') return examples;
      return drawShots(table, examples.slice().sort(), { by: table.label!, count: shots, draw: trial });
    }),
  );
}

function join(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all.sort();
}
