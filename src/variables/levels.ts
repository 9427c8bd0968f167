import { HeldoutError } from '../core/errors.js';
import type { Variable } from './variable.js';

/**
 * Which levels of a variable stay: a list of level indices; or the first n, and of those every k-th,
 * beginning with the first.
 */
export interface LevelChoice {
  readonly first?: number | undefined;
  readonly every?: number | undefined;
  readonly list?: readonly number[] | undefined;
}

/** Level indices that stay, by variable; a variable that is not named keeps all. */
export type LevelChoices = Readonly<Record<string, LevelChoice>>;

/** The level indices of an example of the grid over the levels that were kept, to `levels`; the last variable is fastest. */
export function readLevels(example: number, kept: readonly (readonly number[])[], levels: Uint16Array): void {
  let rest = example;
  for (let at = kept.length - 1; at >= 0; at--) {
    const choices = kept[at]!;
    levels[at] = choices[rest % choices.length]!;
    rest = Math.floor(rest / choices.length);
  }
}

/**
 * The level indices that a choice leaves of every variable, in the variables' order.
 * @param place Where the choices stand, for errors: `dataset.levels`.
 */
export function chooseLevels(
  variables: readonly Variable[],
  choices: LevelChoices,
  place: string,
): readonly (readonly number[])[] {
  for (const name of Object.keys(choices)) {
    if (variables.some((variable) => variable.name === name)) continue;
    throw new HeldoutError({
      code: 'E_LEVELS_VARIABLE',
      message: `there is no variable '${name}'`,
      place: `${place}.${name}`,
      hints: [`the variables are ${variables.map((variable) => variable.name).join(', ')}`],
    });
  }
  return variables.map((variable) => {
    const choice = choices[variable.name];
    return choice === undefined
      ? variable.levels.map((_, level) => level)
      : chooseOf(variable, choice, `${place}.${variable.name}`);
  });
}

function chooseOf(variable: Variable, choice: LevelChoice, place: string): readonly number[] {
  const count = variable.levels.length;
  const { first = count, every = 1, list } = choice;
  const refuse = (message: string, hint: string): never => {
    throw new HeldoutError({ code: 'E_LEVELS_CHOICE', message, place, hints: [hint] });
  };
  if (list === undefined) {
    if (!(Number.isInteger(first) && first >= 1 && first <= count)) {
      return refuse(`cannot keep the first ${first} of ${count} levels`, `${place}.first=${count}`);
    }
    if (!(Number.isInteger(every) && every >= 1)) {
      return refuse(`cannot keep every ${every}-th level`, `${place}.every=2`);
    }
    return Array.from({ length: Math.ceil(first / every) }, (_, i) => i * every);
  }
  if (choice.first !== undefined || choice.every !== undefined) {
    return refuse("'list' says all; 'first' and 'every' do not go with it", `~${place}.list`);
  }
  if (list.length === 0) return refuse('no level is left', `${place}.list=[0,${count - 1}]`);
  list.forEach((level, i) => {
    if (!(Number.isInteger(level) && level >= 0 && level < count)) {
      refuse(`there is no level ${level}`, `level indices of ${variable.name} are 0 to ${count - 1}`);
    }
    if (i > 0 && level <= list[i - 1]!) refuse('levels are not ascending', 'list every level once, in order');
  });
  return list;
}

/** The variable with only the given levels, which keep their values. */
export function keepLevels(variable: Variable, kept: readonly number[]): Variable {
  const levels = kept.map((level) => variable.levels[level]!);
  return {
    ...variable,
    kind: variable.kind === 'cyclic' ? kindOfPart(variable, kept) : variable.kind,
    levels,
  };
}

/** A part of a circle is a circle only where its levels are equally far apart all the way round. */
function kindOfPart(variable: Variable, kept: readonly number[]): 'cyclic' | 'ordered' {
  const gap = variable.levels.length / kept.length;
  return kept.every((level, i) => level === kept[0]! + i * gap) ? 'cyclic' : 'ordered';
}

/**
 * How each level is written and read: four significant digits where they tell all levels apart, all
 * digits where they do not.
 */
export function nameLevels(variable: Variable): readonly string[] {
  const short = variable.levels.map((level) =>
    typeof level === 'number' && !Number.isInteger(level)
      ? String(Number(level.toPrecision(4)))
      : String(level),
  );
  return new Set(short).size === short.length ? short : variable.levels.map(String);
}
