import { HeldoutError } from '../core/errors.js';
import { isJsonObject, type Json } from '../core/json.js';
import { nameLevels } from './levels.js';
import { all, any, isIn, not, type Predicate } from './predicate.js';
import type { Variable } from './variable.js';

/**
 * Reads a statement about variables as configs write it. It is a map whose entries hold all together:
 *
 * | entry                      | holds where                                             |
 * |----------------------------|---------------------------------------------------------|
 * | `shape: square`            | the variable has this level                             |
 * | `shape: [square, heart]`   | it has one of these levels                              |
 * | `shape: {not: [square]}`   | it has none of these levels                             |
 * | `scale: {at_least: 0.8}`   | its level, a number, is no smaller; `at_most`: no larger |
 * | `any: [STATEMENT, ...]`    | at least one holds                                      |
 * | `all: [STATEMENT, ...]`    | each holds                                              |
 * | `not: STATEMENT`           | it does not hold                                        |
 *
 * A level is written as its value or as tables print it. Variables called `any`, `all`, `not` and `of` cannot be
 * spoken of. Throws HeldoutError at `place`, the key under which the statement stands.
 */
export function parseStatement(statement: Json, variables: readonly Variable[], place: string): Predicate {
  if (!isJsonObject(statement) || Object.keys(statement).length === 0) {
    throw refuse(place, 'a statement is a map of variables and their levels', ['{shape: [square]}']);
  }
  return all(
    Object.entries(statement).map(([word, value]) => {
      const at = `${place}.${word}`;
      if (word === 'not') return not(parseStatement(value, variables, at));
      if (word === 'all') return all(parseList(value, variables, at));
      if (word === 'any') return any(parseList(value, variables, at));
      const variable = variables.find(({ name }) => name === word);
      if (variable !== undefined) return isIn(word, parseLevels(value, variable, at));
      throw refuse(at, `there is no variable '${word}'`, [
        `the variables are ${variables.map(({ name }) => name).join(', ')}`,
      ]);
    }),
  );
}

function parseList(value: Json, variables: readonly Variable[], place: string): readonly Predicate[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw refuse(place, 'here stands a list of statements', ['[{shape: square, hue: blue}]']);
  }
  return value.map((item, index) => parseStatement(item as Json, variables, `${place}.${index}`));
}

/** Level indices, ascending. */
function parseLevels(value: Json, variable: Variable, place: string): readonly number[] {
  const indices = variable.levels.map((_, level) => level);
  if (!isJsonObject(value)) {
    const listed = findLevels(value, variable, place);
    return indices.filter((level) => listed.has(level));
  }
  if (Object.keys(value).length === 0) throw refuse(place, 'no level is named', [`{not: [...]}`]);
  const tests = Object.entries(value).map(([word, given]): ((level: number) => boolean) => {
    const at = `${place}.${word}`;
    if (word === 'not') {
      const listed = findLevels(given, variable, at);
      return (level) => !listed.has(level);
    }
    if (word !== 'at_least' && word !== 'at_most') {
      throw refuse(at, `'${word}' is not said of levels`, ['not, at_least and at_most are']);
    }
    const numbers = variable.levels.filter((level) => typeof level === 'number');
    if (typeof given !== 'number' || numbers.length < indices.length) {
      throw refuse(at, `levels of ${variable.name} are compared with a number only where they are numbers`, [
        `the levels are ${nameLevels(variable).join(', ')}`,
      ]);
    }
    return (level) => (word === 'at_least' ? numbers[level]! >= given : numbers[level]! <= given);
  });
  return indices.filter((level) => tests.every((test) => test(level)));
}

function findLevels(value: Json, variable: Variable, place: string): ReadonlySet<number> {
  const names = nameLevels(variable);
  const given = Array.isArray(value) ? (value as readonly Json[]) : [value];
  if (given.length === 0) throw refuse(place, 'no level is named', [`the levels are ${names.join(', ')}`]);
  return new Set(
    given.map((wanted) => {
      const exact = variable.levels.indexOf(wanted as string);
      const found = exact >= 0 ? exact : names.indexOf(String(wanted));
      if (found >= 0) return found;
      throw refuse(place, `${variable.name} has no level ${JSON.stringify(wanted)}`, [
        `the levels are ${names.join(', ')}`,
      ]);
    }),
  );
}

function refuse(place: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_STATEMENT', message, place, hints });
}
