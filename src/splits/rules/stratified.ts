import { HeldoutError } from '../../core/errors.js';
import { shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import type { VariableTable } from '../../variables/variable.js';
import type { SplitRule, StratifiedConfig } from './rule.js';

/**
 * Random sets of given shares in which every stratum, a joint level of some variables, has its share: of each stratum
 * the counts are those of the largest remainder, so that none is a whole example from its share; what is equally near
 * goes to the set that is furthest behind. The examples of a stratum come from the stream (seed, 'split', 'strata',
 * levels), so the order in which sets are written decides nothing. Where shares are less than 1 together, the rest is
 * in no set.
 */
export const splitIntoStrata: SplitRule<StratifiedConfig> = (table, config) => {
  const names = orderNames(config.shares);
  const shares = names.map((name) => config.shares[name]!);
  const by = strataOf(table, config);
  const seed = config.seed ?? 0;
  const sets = names.map((): Uint32Array[] => []);
  const behind = [...names, 'rest'].map(() => 0);
  const rest = Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0));
  for (const { levels, examples } of listStrata(table, by)) {
    const order = shuffle(stream(seed, 'split', 'strata', ...levels), examples);
    const counts = apportion(examples.length, [...shares, rest], behind);
    let start = 0;
    for (const [at, set] of sets.entries()) {
      set.push(order.subarray(start, start + counts[at]!));
      start += counts[at]!;
    }
  }
  const joined = new Map(names.map((name, at) => [name, join(sets[at]!)]));
  const written = ['train', ...Object.keys(config.shares).filter((name) => name !== 'train')];
  const strata = by.length === 0 ? '' : ` in every stratum of ${by.join(' and ')}`;
  return {
    sets: {
      train: joined.get('train')!,
      ...Object.fromEntries(written.map((name) => [name, joined.get(name)!])),
    },
    held: Object.fromEntries(table.variables.map(({ name }) => [name, []])),
    statement: written.map(
      (name) =>
        `${name}: ${joined.get(name)!.length} of ${table.size} examples at random, a share of ${config.shares[name]}${strata} (seed ${seed})`,
    ),
  };
};

/** Refuses shares that cannot be, and variables that the table has not. */
export function checkStrata(table: VariableTable, config: StratifiedConfig): void {
  const { shares } = config;
  if (shares.train === undefined) {
    throw refuse('split.shares.train', 'no share says what training sees', ['split.shares.train=0.5']);
  }
  for (const [name, share] of Object.entries(shares)) {
    if (share > 0 && share <= 1) continue;
    throw refuse(`split.shares.${name}`, `a share is above 0 and at most 1, not ${share}`, [
      `split.shares.${name}=0.2`,
    ]);
  }
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  if (total > 1 + 1e-9) {
    throw refuse('split.shares', `the shares are ${Number(total.toPrecision(6))} together, more than 1`, [
      "'split.shares={train: 0.5, validation: 0.2, test: 0.3}'",
    ]);
  }
  const known = table.variables.map(({ name }) => name);
  const unknown = config.by?.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw refuse('split.by', `there is no variable '${unknown}'`, [`the variables are ${known.join(', ')}`]);
}

/** What is asked for, or else what the table says: target and protected variables; none where it says nothing. */
function strataOf(table: VariableTable, { by }: StratifiedConfig): readonly string[] {
  return by ?? table.strata ?? [];
}

/** `train` first, others by their letters. */
function orderNames(shares: Readonly<Record<string, number>>): readonly string[] {
  return [
    'train',
    ...Object.keys(shares)
      .filter((name) => name !== 'train')
      .sort(),
  ];
}

interface Stratum {
  readonly levels: readonly number[];
  /** Ascending. */
  readonly examples: Uint32Array;
}

/** Strata that have examples, in the order of their levels. */
function listStrata(table: VariableTable, by: readonly string[]): readonly Stratum[] {
  const columns = by.map((name) => table.column(name));
  const sizes = by.map((name) => table.variable(name).levels.length);
  const codes = new Float64Array(table.size);
  const counts = new Map<number, number>();
  for (let example = 0; example < table.size; example++) {
    let code = 0;
    for (let at = 0; at < columns.length; at++) code = code * sizes[at]! + columns[at]![example]!;
    codes[example] = code;
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const ordered = [...counts].sort(([a], [b]) => a - b);
  const examples = new Map(ordered.map(([code, count]) => [code, new Uint32Array(count)]));
  const filled = new Map(ordered.map(([code]) => [code, 0]));
  for (let example = 0; example < table.size; example++) {
    const code = codes[example]!;
    const at = filled.get(code)!;
    examples.get(code)![at] = example;
    filled.set(code, at + 1);
  }
  return ordered.map(([code]) => ({ levels: readLevels(code, sizes), examples: examples.get(code)! }));
}

function readLevels(code: number, sizes: readonly number[]): readonly number[] {
  let rest = code;
  return sizes
    .toReversed()
    .map((size) => {
      const level = rest % size;
      rest = Math.floor(rest / size);
      return level;
    })
    .toReversed();
}

/**
 * Whole counts of shares that are 1 together, by the largest remainder. `behind` says how much each has had less than
 * its share so far, and is brought up to date.
 */
function apportion(size: number, shares: readonly number[], behind: number[]): readonly number[] {
  // A share like 0.3 of 10 is a hair below 3.
  const exact = shares.map((share) => Number((share * size).toPrecision(12)));
  const counts = exact.map(Math.floor);
  const left = size - counts.reduce((sum, count) => sum + count, 0);
  const order = shares
    .map((_, at) => at)
    .sort((a, b) => {
      const difference = exact[b]! - counts[b]! - (exact[a]! - counts[a]!);
      return Math.abs(difference) > 1e-9 ? difference : behind[b]! - behind[a]! || a - b;
    });
  for (const at of order.slice(0, left)) counts[at]!++;
  for (const [at, count] of counts.entries()) behind[at]! += exact[at]! - count;
  return counts;
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

function refuse(place: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_SPLIT', message, place, hints });
}
