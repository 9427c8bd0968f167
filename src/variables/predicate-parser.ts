import { nameLevels } from './levels.js';
import { all, any, isIn, not, type Predicate } from './predicate.js';
import { statementError, type Token, tokenize } from './predicate-tokens.js';
import { reservedWords } from './predicate-words.js';
import type { Variable } from './variable.js';

/**
 * Reads a statement such as `scale >= 0.8 and not (shape = heart or x in {1, ..., 4})`. Values are the
 * levels' own, as long or as short as they are printed; `...` between two levels stands for all between
 * them. Throws a HeldoutError that names the column.
 */
export function parsePredicate(text: string, variables: readonly Variable[]): Predicate {
  const tokens = tokenize(text);
  let at = 0;
  const end: Token = { text: 'the end', column: text.length + 1, quoted: true };
  const peek = () => tokens[at] ?? end;
  const next = () => tokens[at++] ?? end;
  const refuse = (token: Token, message: string, hint: string): never => {
    throw statementError(text, token.column, message, hint);
  };
  const take = (...words: readonly string[]): boolean => {
    const found = !peek().quoted && words.includes(peek().text);
    if (found) at++;
    return found;
  };
  const expect = (word: string): void => {
    if (!take(word)) refuse(peek(), `expected '${word}', found ${peek().text}`, `add '${word}'`);
  };

  const parseChain = (word: 'and' | 'or', part: () => Predicate): Predicate => {
    const parts = [part()];
    while (take(word)) parts.push(part());
    if (parts.length === 1) return parts[0]!;
    return word === 'and' ? all(parts) : any(parts);
  };
  const parseOr = (): Predicate => parseChain('or', () => parseChain('and', parseUnary));
  const parseUnary = (): Predicate => {
    if (take('not')) return not(parseUnary());
    if (take('everything')) return all([]);
    if (take('nothing')) return any([]);
    if (!take('(')) return parseComparison();
    const inner = parseOr();
    expect(')');
    return inner;
  };
  const parseComparison = (): Predicate => {
    const name = next();
    const variable = variables.find((each) => each.name === name.text);
    if (variable === undefined) {
      return refuse(
        name,
        `there is no variable '${name.text}'`,
        `the variables are ${variables.map((each) => each.name).join(', ')}`,
      );
    }
    const keep = (levels: readonly number[], negated: boolean): Predicate =>
      isIn(
        variable.name,
        variable.levels.map((_, level) => level).filter((level) => levels.includes(level) !== negated),
      );
    const is = take('is');
    if (is || (peek().text === 'not' && !peek().quoted)) {
      const negated = take('not');
      if (take('in')) return keep(parseSet(variable), negated);
      if (is) return keep([parseLevel(variable)], negated);
    }
    if (take('in')) return keep(parseSet(variable), false);
    if (take('=', '==')) return keep([parseLevel(variable)], false);
    if (take('!=')) return keep([parseLevel(variable)], true);
    const operator = next();
    const compare = comparisons.get(operator.quoted ? '' : operator.text);
    if (compare === undefined) {
      return refuse(operator, `expected a comparison, found ${operator.text}`, 'one of = != < <= > >= is in');
    }
    const bound = next();
    const limit = readLimit(variable, bound.text);
    if (limit === undefined) {
      return refuse(
        bound,
        `'${variable.name} ${operator.text} ${bound.text}' compares what has no order`,
        `${variable.name} in {${nameLevels(variable).slice(0, 2).join(', ')}}`,
      );
    }
    return isIn(
      variable.name,
      variable.levels.flatMap((value, level) => (compare(Number(value), limit) ? [level] : [])),
    );
  };
  const parseLevel = (variable: Variable): number => {
    const token = next();
    const level = token.quoted || !reservedWords.includes(token.text) ? findLevel(variable, token.text) : -1;
    if (level !== -1) return level;
    const names = nameLevels(variable);
    const some =
      names.length <= 8 ? names.join(', ') : `${names.slice(0, 6).join(', ')}, ..., ${names.at(-1)}`;
    return refuse(token, `${variable.name} has no level '${token.text}'`, `its levels are ${some}`);
  };
  const parseSet = (variable: Variable): readonly number[] => {
    expect('{');
    const levels: number[] = [];
    if (take('}')) return levels;
    do {
      if (levels.length > 0 && take('...')) {
        expect(',');
        const last = parseLevel(variable);
        for (let level = levels.at(-1)! + 1; level <= last; level++) levels.push(level);
      } else {
        levels.push(parseLevel(variable));
      }
    } while (take(','));
    expect('}');
    return levels;
  };

  const predicate = parseOr();
  if (at < tokens.length)
    refuse(peek(), `'${peek().text}' is left over`, "join statements with 'and' or 'or'");
  return predicate;
}

const comparisons: ReadonlyMap<string, (value: number, limit: number) => boolean> = new Map([
  ['<', (value: number, limit: number) => value < limit],
  ['<=', (value: number, limit: number) => value <= limit],
  ['>', (value: number, limit: number) => value > limit],
  ['>=', (value: number, limit: number) => value >= limit],
]);

/** A level as printed or a number equal to it; -1 when there is none. */
function findLevel(variable: Variable, text: string): number {
  const named = nameLevels(variable).indexOf(text);
  if (named !== -1) return named;
  const value = Number(text);
  return variable.levels.findIndex(
    (level) => typeof level === 'number' && Math.abs(level - value) <= 1e-9 * Math.max(1, Math.abs(level)),
  );
}

/** The number that a bound means: a printed level stands for its exact value. */
function readLimit(variable: Variable, text: string): number | undefined {
  if (variable.levels.some((level) => typeof level !== 'number')) return undefined;
  const level = findLevel(variable, text);
  const limit = level === -1 ? Number(text) : Number(variable.levels[level]);
  return Number.isNaN(limit) ? undefined : limit;
}
