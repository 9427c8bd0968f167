import { nameLevels } from './levels.js';
import type { Predicate } from './predicate.js';
import type { Variable } from './variable.js';

/** Words with a meaning of their own in statements; a level or variable of that name is quoted. */
const reservedWords: readonly string[] = ['and', 'or', 'not', 'in', 'is', 'everything', 'nothing'];

/** Consecutive levels are written `first, ..., last` from this many on. */
const shortestRun = 4;

/** The statement in words, with the levels' values: `scale is in {0.5, ..., 0.8} and shape is heart`. */
export function describePredicate(predicate: Predicate, variables: readonly Variable[]): string {
  switch (predicate.kind) {
    case 'in':
      return describeLevels(predicate.levels, variables.find((each) => each.name === predicate.variable)!);
    case 'not':
      return `not ${parenthesize(predicate.of, variables)}`;
    default: {
      const { kind, of } = predicate;
      if (of.length === 0) return kind === 'all' ? 'everything' : 'nothing';
      if (of.length === 1) return describePredicate(of[0]!, variables);
      return of.map((part) => parenthesize(part, variables)).join(kind === 'all' ? ' and ' : ' or ');
    }
  }
}

function parenthesize(predicate: Predicate, variables: readonly Variable[]): string {
  const words = describePredicate(predicate, variables);
  return isCompound(predicate) ? `(${words})` : words;
}

function isCompound(predicate: Predicate): boolean {
  if (predicate.kind === 'in') return false;
  if (predicate.kind === 'not') return true;
  return predicate.of.length === 1 ? isCompound(predicate.of[0]!) : predicate.of.length > 1;
}

function describeLevels(levels: readonly number[], variable: Variable): string {
  const others = variable.levels.map((_, level) => level).filter((level) => !levels.includes(level));
  const negated = others.length > 0 && others.length < levels.length;
  const shown = negated ? others : levels;
  const verb = negated ? 'is not' : 'is';
  const names = nameLevels(variable).map(quote);
  return shown.length === 1
    ? `${quote(variable.name)} ${verb} ${names[shown[0]!]}`
    : `${quote(variable.name)} ${verb} in ${listLevels(shown, names)}`;
}

/** `{0.5, ..., 0.8, 1}`. */
function listLevels(levels: readonly number[], names: readonly string[]): string {
  const parts: string[] = [];
  for (let i = 0; i < levels.length; ) {
    let end = i;
    while (levels[end + 1] === levels[end]! + 1) end++;
    if (end - i + 1 >= shortestRun) parts.push(names[levels[i]!]!, '...', names[levels[end]!]!);
    else parts.push(...levels.slice(i, end + 1).map((level) => names[level]!));
    i = end + 1;
  }
  return `{${parts.join(', ')}}`;
}

function quote(word: string): string {
  const plain = /^[\p{L}\p{N}_.+-]+$/u.test(word) && word !== '...' && !reservedWords.includes(word);
  if (plain) return word;
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}
