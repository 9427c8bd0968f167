import { HeldoutError } from '../../core/errors.js';
import { nameLevels } from '../../variables/levels.js';
import type { Variable, VariableTable } from '../../variables/variable.js';
import type { DomainsConfig } from './rule.js';

/** Who is on which side of a split by environments; level indices, ascending. */
export interface Sides {
  readonly variable: Variable;
  readonly train: readonly number[];
  readonly test: readonly number[];
  /** Whether training sees the environments that are named, and not all others. */
  readonly single: boolean;
}

/** Refuses environments that are not there, and shares that cannot be. */
export function checkDomains(table: VariableTable, config: DomainsConfig): void {
  findSides(table, config);
  for (const key of ['holdout', 'uda'] as const) {
    const share = config[key] ?? 0;
    if (share >= 0 && share < 1) continue;
    throw refuse(`split.${key}`, `a share is at least 0 and below 1, not ${share}`, [`split.${key}=0.2`]);
  }
  if (config.shots !== undefined && config.shots !== 'all' && table.label === undefined) {
    throw refuse('split.shots', 'the dataset names no variable whose levels are classes', ['~split.shots']);
  }
}

/** The environments to train on and to test on. Throws HeldoutError where they cannot be told. */
export function findSides(table: VariableTable, { train, test }: DomainsConfig): Sides {
  if (table.environment === undefined) {
    throw refuse('split.rule', 'no variable of the dataset has environments for levels', [
      'dataset=pacs, dataset=rotated_mnist and others have some',
      '+dataset.environment=COLUMN names one of a table',
    ]);
  }
  if ((train === undefined) === (test === undefined)) {
    const both = train !== undefined;
    throw refuse(
      both ? 'split.train' : 'split.test',
      `name the environments to ${both ? 'test on or those to train on, not both' : 'test on, or those to train on'}`,
      both ? ['~split.test', '~split.train'] : ['split.test=0', '+split.train=0'],
    );
  }
  const variable = table.variable(table.environment);
  const place = train === undefined ? 'split.test' : 'split.train';
  const named = [...new Set((train ?? test)!.map((one) => findEnvironment(variable, one, place)))];
  const others = variable.levels.map((_, level) => level).filter((level) => !named.includes(level));
  if (named.length === 0) throw refuse(place, 'no environment is named', [`${place}=0`]);
  if (others.length === 0) {
    const left = train === undefined ? 'training' : 'the test';
    throw refuse(place, `all ${named.length} environments are named: none is left for ${left}`, [
      `${place}=0`,
    ]);
  }
  const sorted = named.sort((a, b) => a - b);
  refuseCopies(table, variable, sorted, place);
  return train === undefined
    ? { variable, train: others, test: sorted, single: false }
    : { variable, train: sorted, test: others, single: true };
}

/** Refuses that one of the environments that show the same examples is trained on and another is tested on. */
function refuseCopies(
  { copies = [] }: VariableTable,
  { levels }: Variable,
  named: readonly number[],
  place: string,
): void {
  const [inside, outside] = [true, false].map((side) =>
    copies.filter((level) => named.includes(levels.indexOf(level)) === side),
  ) as [(number | string)[], (number | string)[]];
  if (inside.length === 0 || outside.length === 0) return;
  const all = [...named.map((level) => levels[level]!), ...outside];
  throw refuse(
    place,
    `${copies.join(' and ')} show the same examples, and training would see those of the test`,
    [`'${place}=[${all.join(',')}]'`],
  );
}

/** A number is an index, a word a name. */
function findEnvironment(variable: Variable, asked: number | string, place: string): number {
  const names = nameLevels(variable);
  const level = typeof asked === 'number' ? asked : names.indexOf(asked);
  if (Number.isInteger(level) && level >= 0 && level < names.length) return level;
  const isName = typeof asked === 'number' && names.includes(String(asked));
  throw refuse(
    place,
    typeof asked === 'number'
      ? `there is no environment ${asked}: numbers are indices, 0 to ${names.length - 1}`
      : `there is no environment '${asked}'`,
    [
      ...(isName ? [`${place}=${names.indexOf(String(asked))}  is '${asked}'`] : []),
      `environments are levels of ${variable.name}: ${names.map((name, at) => `${at} ${name}`).join(', ')}`,
    ],
  );
}

function refuse(place: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code: 'E_SPLIT_DOMAINS', message, place, hints });
}
