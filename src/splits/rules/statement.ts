import { HeldoutError } from '../../core/errors.js';
import { shuffle } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { indicesOf, matchExamples, type Predicate } from '../../variables/predicate.js';
import { describePredicate } from '../../variables/predicate-words.js';
import { parseStatement } from '../../variables/statement.js';
import { countLevels } from '../../variables/targets.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import type { SplitRule, StatementConfig } from './rule.js';

interface Stated {
  readonly name: string;
  readonly predicate: Predicate;
}

/** A part of another set, taken out of it at random. */
interface Drawn {
  readonly name: string;
  readonly of: string;
  readonly share: number;
}

/**
 * Every set has a statement of its own, or is a random part of one that has: `{of: train, share: 0.1}` takes a
 * tenth of what the statement of `train` says out of it. Parts come from the stream (seed, 'split', parent), in the
 * order of their names, so that the order in which sets are written decides nothing. Stated sets that share an
 * example are refused. Held out are the levels that the statement of `train` leaves out.
 */
export const splitByStatement: SplitRule<StatementConfig> = (table, config) => {
  const { stated, drawn } = readSets(table.variables, config);
  const seed = config.seed ?? 0;
  const whole = matchSets(table, stated);
  const sets = new Map(whole);
  for (const { name: parent } of stated) {
    const parts = drawn.filter(({ of }) => of === parent);
    if (parts.length === 0) continue;
    const examples = whole.get(parent)!;
    const order = shuffle(stream(seed, 'split', parent), examples.slice());
    let start = 0;
    for (const { name, share } of parts.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const end = start + Math.round(share * examples.length);
      sets.set(name, order.slice(start, end).sort());
      start = end;
    }
    sets.set(parent, order.slice(start).sort());
  }
  const others = Object.keys(config.sets).filter((name) => name !== 'train');
  return {
    sets: { train: sets.get('train')!, ...Object.fromEntries(others.map((name) => [name, sets.get(name)!])) },
    held: Object.fromEntries(
      table.variables.map(({ name }) => [name, listUnseen(table, name, whole.get('train')!)]),
    ),
    statement: Object.keys(config.sets).map((name) =>
      describeSet([...stated, ...drawn].find((set) => set.name === name)!, table, drawn, sets, seed),
    ),
  };
};

/** Refuses what cannot be a division of a table with these variables, without making it. */
export function checkStatements(variables: readonly Variable[], config: StatementConfig): void {
  readSets(variables, config);
}

function readSets(
  variables: readonly Variable[],
  { sets }: StatementConfig,
): { readonly stated: readonly Stated[]; readonly drawn: readonly Drawn[] } {
  const stated: Stated[] = [];
  const drawn: Drawn[] = [];
  for (const [name, set] of Object.entries(sets)) {
    const place = `split.sets.${name}`;
    if ('of' in set) drawn.push(readDrawn(name, set, place));
    else stated.push({ name, predicate: parseStatement(set, variables, place) });
  }
  const names = stated.map(({ name }) => name);
  if (!names.includes('train')) {
    throw refuse('split.sets.train', 'no statement says what training sees', [
      "'split.sets.train={shape: [square]}'",
    ]);
  }
  for (const { name, of } of drawn) {
    if (names.includes(of)) continue;
    throw refuse(`split.sets.${name}.of`, `there is no set '${of}' with a statement of its own`, [
      `such sets are ${names.join(', ')}`,
    ]);
  }
  for (const parent of names) {
    const parts = drawn.filter(({ of }) => of === parent);
    const total = parts.reduce((sum, { share }) => sum + share, 0);
    if (total < 1) continue;
    throw refuse(`split.sets.${parts.at(-1)!.name}.share`, `the parts of ${parent} leave nothing of it`, [
      `${parts.map(({ name, share }) => `${name} has ${share}`).join(', ')}: together below 1`,
    ]);
  }
  return { stated, drawn };
}

function readDrawn(name: string, set: StatementConfig['sets'][string], place: string): Drawn {
  const { of, share, ...rest } = set;
  const hints = ['{of: train, share: 0.1}'];
  const [other] = Object.keys(rest);
  if (other !== undefined) throw refuse(`${place}.${other}`, "a part has 'of' and 'share' alone", hints);
  if (typeof of !== 'string') throw refuse(`${place}.of`, 'here stands the name of a set', hints);
  if (typeof share !== 'number' || !(share > 0 && share < 1)) {
    throw refuse(`${place}.share`, `a share is above 0 and below 1, not ${JSON.stringify(share)}`, hints);
  }
  return { name, of, share };
}

function matchSets(table: VariableTable, stated: readonly Stated[]): Map<string, Uint32Array> {
  const owner = new Uint8Array(table.size);
  return new Map(
    stated.map(({ name, predicate }, at) => {
      const examples = indicesOf(matchExamples(table, predicate), 1);
      for (const example of examples) {
        const other = stated[owner[example]! - 1];
        if (other !== undefined) throw overlap(table, example, other.name, name);
        owner[example] = at + 1;
      }
      return [name, examples];
    }),
  );
}

function overlap(table: VariableTable, example: number, one: string, other: string): HeldoutError {
  const levels = table.variables.map((variable) => {
    return `${variable.name}: ${variable.levels[table.column(variable.name)[example]!]}`;
  });
  return refuse(`split.sets.${other}`, `the statements of ${one} and ${other} share examples`, [
    `one of them: {${levels.join(', ')}}`,
    `let one exclude the other: {not: ...}`,
  ]);
}

function listUnseen(table: VariableTable, name: string, train: Uint32Array): readonly number[] {
  return [...countLevels(table, name, train).entries()].flatMap(([level, count]) =>
    count === 0 ? [level] : [],
  );
}

function describeSet(
  set: Stated | Drawn,
  { variables }: VariableTable,
  drawn: readonly Drawn[],
  sets: ReadonlyMap<string, Uint32Array>,
  seed: number,
): string {
  if ('of' in set) {
    return `${set.name}: ${sets.get(set.name)!.length} of what is said of ${set.of}, a share of ${set.share} at random (seed ${seed})`;
  }
  const parts = drawn.filter(({ of }) => of === set.name).map(({ name }) => name);
  const less = parts.length === 0 ? '' : `, less those of ${parts.join(' and ')}`;
  return `${set.name}: every example whose ${describePredicate(set.predicate, variables)}${less}`;
}

function refuse(place: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_SPLIT', message, place, hints });
}
