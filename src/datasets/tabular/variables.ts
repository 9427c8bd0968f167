import { HeldoutError } from '../../core/errors.js';
import type { Variable } from '../../variables/variable.js';
import type { TargetChoice, VariableChoice, VariableChoices } from './choices.js';
import type { ImportedColumn } from './columns/convert.js';
import { orderLevels } from './columns/order-levels.js';
import { missingCode, unknownCode } from './columns/rows.js';

/** A protected column with more groups is none: an age, a name. */
const groupLimit = 50;

/** A variable and its level for each code of its column. */
export interface CodedVariable {
  readonly variable: Variable;
  readonly column: ImportedColumn;
  readonly levelOf: Uint16Array;
}

/** Columns, and which codes of each that holds levels occur in the rows that are kept. */
export interface UsedColumns {
  readonly columns: readonly ImportedColumn[];
  readonly used: ReadonlyMap<string, ReadonlySet<number>>;
}

/** The target and the protected and other variables, in this order. Throws HeldoutError where they cannot be such. */
export function makeVariables(kept: UsedColumns, choices: VariableChoices): readonly CodedVariable[] {
  const [main, ...others] = choices.protected;
  return [
    makeTarget(kept, choices.target),
    ...(main === undefined ? [] : [makeGroups(kept, main, choices.protectedPositive)]),
    ...others.map((choice) => makeGroups(kept, choice, undefined)),
    ...choices.variables.map((choice) => {
      const lacks = kept.used.get(choice.column)!.has(missingCode);
      return code(findColumn(kept, choice), sortLevels(kept, choice), choice, lacks ? ['missing'] : []);
    }),
  ];
}

function makeTarget(kept: UsedColumns, choice: TargetChoice): CodedVariable {
  const { column: name, place, positive } = choice;
  const column = findColumn(kept, choice);
  const codes = sortLevels(kept, choice);
  const words = codes.map((each) => column.levels[each]!);
  const grouped = Array.isArray(positive);
  if (codes.length < 2 || (codes.length > 2 && !grouped)) {
    const few = codes.length < 2;
    const others = column.levels.length > codes.length;
    throw new HeldoutError({
      code: 'E_DATA_TARGET',
      message: few
        ? `${name} is ${words[0]} in every row${others ? ' that is kept' : ''}: there is nothing to tell`
        : `${name} has ${codes.length} values (${shorten(words)}), and a target here has two`,
      place,
      hints: [
        ...(few ? keepOthers(others) : [`'dataset.positive=[${words.at(-1)}]'  takes it against all others`]),
        ...(few ? [] : ['make it a yes or no in the file']),
        `${place}=COLUMN names another one`,
      ],
    });
  }
  if (positive === undefined) return code(column, codes, choice);
  return divide(column, codes, choice, positive, 'dataset.positive');
}

function makeGroups(
  kept: UsedColumns,
  choice: VariableChoice,
  positive: string | readonly string[] | undefined,
): CodedVariable {
  const { column: name, place } = choice;
  const column = findColumn(kept, choice);
  const codes = sortLevels(kept, choice);
  const words = codes.map((each) => column.levels[each]!);
  if (codes.length < 2) {
    throw new HeldoutError({
      code: 'E_DATA_GROUPS',
      message: `${name} is ${words[0]} in every row${column.levels.length > 1 ? ' that is kept' : ''}: with one group there is nobody to compare with`,
      place,
      hints: [...keepOthers(column.levels.length > 1), `${place}=COLUMN names another one`],
    });
  }
  if (positive !== undefined) return divide(column, codes, choice, positive, 'dataset.protected_positive');
  if (codes.length <= groupLimit) return code(column, codes, choice);
  throw new HeldoutError({
    code: 'E_DATA_GROUPS',
    message: `${name} has ${codes.length} values (${shorten(words)}): at most ${groupLimit} can be groups`,
    place,
    hints: [
      'make groups of them in the file',
      'dataset.protected_positive=LEVEL  compares one with all others',
    ],
  });
}

/** Where all rows with other values are left out. */
function keepOthers(others: boolean): readonly string[] {
  return others ? ['rows with other values lack something: dataset.missing=level keeps them'] : [];
}

/** Two levels: those that are named come second. They keep their names where each is one. */
function divide(
  column: ImportedColumn,
  codes: readonly number[],
  choice: VariableChoice,
  positive: string | readonly string[],
  place: string,
): CodedVariable {
  const wanted = typeof positive === 'string' ? [positive] : positive;
  const words = codes.map((each) => column.levels[each]!);
  const unknown = wanted.find((word) => !words.includes(word));
  if (unknown !== undefined || wanted.length === 0) throw noLevel(place, column.name, unknown ?? '', words);
  const chosen = codes.filter((each) => wanted.includes(column.levels[each]!));
  const rest = codes.filter((each) => !chosen.includes(each));
  if (rest.length === 0) throw noLevel(place, column.name, `none of ${wanted.join(', ')}`, words);
  if (codes.length === 2) return code(column, [...rest, ...chosen], choice);
  const levelOf = new Uint16Array(0x10000);
  for (const each of chosen) levelOf[each] = 1;
  const shown = wanted.map((word) => choice.names?.[word] ?? word).join(' or ');
  const levels = [`not ${shown}`, shown];
  return { column, levelOf, variable: { name: column.name, kind: 'categorical', levels } };
}

function findColumn({ columns }: UsedColumns, { column, place }: VariableChoice): ImportedColumn {
  const found = columns.find(({ name }) => name === column);
  if (found?.stored === 'level') return found;
  throw new RangeError(`${place}: the column ${column} was not imported by its levels`);
}

/** Codes of the levels that occur, in order. */
function sortLevels(kept: UsedColumns, choice: VariableChoice): readonly number[] {
  const { levels } = findColumn(kept, choice);
  const codes = [...kept.used.get(choice.column)!].filter(
    (each) => each !== missingCode && each !== unknownCode,
  );
  return orderLevels(levels, codes, choice.order);
}

/** @param more A level after all others, of the cells that have none of them. */
function code(
  column: ImportedColumn,
  codes: readonly number[],
  { names }: VariableChoice,
  more: readonly string[] = [],
): CodedVariable {
  const levelOf = new Uint16Array(0x10000).fill(codes.length);
  for (const [level, each] of codes.entries()) levelOf[each] = level;
  const levels = codes.map((each) => names?.[column.levels[each]!] ?? column.levels[each]!);
  return {
    column,
    levelOf,
    variable: { name: column.name, kind: 'categorical', levels: [...levels, ...more] },
  };
}

function noLevel(place: string, name: string, wanted: string, words: readonly string[]): HeldoutError {
  return new HeldoutError({
    code: 'E_DATA_LEVELS',
    message: `${name} is never '${wanted}'`,
    place,
    hints: [`its values are ${shorten(words)}`],
  });
}

export const shorten = (words: readonly string[]): string =>
  words.length > 8 ? `${words.slice(0, 8).join(', ')}, ...` : words.join(', ');
