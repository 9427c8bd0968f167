import { HeldoutError } from '../../core/errors.js';
import { type GroupCounts, takeGroups } from '../fairness/counts.js';
import { findDefinition } from '../fairness/definitions/catalogue.js';
import {
  countPeople,
  listBinaryTargets,
  listGroupings,
  type People,
  scorePeople,
  takePeople,
} from '../fairness/people.js';
import { countProportion, type ProportionName, ratesOf } from '../fairness/rates.js';
import { scoreDefinitions } from '../fairness/scores/catalogue.js';
import type { PredictionsTable, RecordRow } from '../predictions.js';
import { listSets } from './rows.js';

export interface ProtectedOptions {
  /** Variables whose groups are to be treated alike. */
  readonly protected?: readonly string[] | undefined;
}

type Score = (table: PredictionsTable, options?: ProtectedOptions) => RecordRow[];
type Part = Omit<RecordRow, 'set' | 'metric'>;

/**
 * Rows of a metric of groups, per set, per target with two classes, and per protected variable; of several variables also
 * for the groups of all at once. `by` is `sex` or `sex+race`, and the rest is what `score` says.
 *
 * | group                                | value                                                       |
 * |--------------------------------------|-------------------------------------------------------------|
 * | `{by, target}`                       | of all groups; of two groups also what compares them        |
 * | `{by, target, group, against}`       | of a group compared with the first, where there are several |
 * | `{by, target, group}`                | a rate of one group; `n` counts its people below the line   |
 *
 * The same rows without `target` where there is one such target. What does not exist (an empty group, a denominator
 * without people) has no row.
 */
function scoreGroups(metric: string, score: (people: People, counts: GroupCounts) => readonly Part[]): Score {
  return (table, options = {}) => {
    const names = requireProtected(metric, options);
    const targets = listBinaryTargets(table, names);
    return [...listSets(table)].flatMap(([set, rows]) =>
      targets.flatMap((target) =>
        listGroupings(names).flatMap((by) => {
          const people = takePeople(table, target, by, rows);
          const parts = score(people, countPeople(people)).filter(({ value }) => Number.isFinite(value));
          return parts.flatMap(({ group, ...rest }): RecordRow[] => {
            const whole = { by: by.join('+'), ...group };
            const own = { set, metric, ...rest };
            const named = { ...own, group: { ...whole, target } };
            return targets.length === 1 ? [{ ...own, group: whole }, named] : [named];
          });
        }),
      ),
    );
  };
}

/** A rate of each group. */
export function scoreGroupRate(rate: ProportionName): Score {
  return scoreGroups(rate, (_, counts) => {
    const rates = ratesOf(counts);
    return counts.groups.map((group, at) => ({
      group: { group },
      value: rates.of[rate][at]!,
      n: countProportion(rates, rate, at)[1],
    }));
  });
}

/** A definition of the catalogue that follows from counts. */
export function scoreDefinition(name: string): Score {
  const { pair, compute } = findDefinition(name);
  return scoreGroups(name, (_, counts) => {
    if (counts.groups.length < 2) return [];
    if (!pair) return [{ group: {}, value: compute(ratesOf(counts)), n: sum(counts.cells) }];
    return comparePairs(counts, (at) => compute(ratesOf(takeGroups(counts, [0, at]))));
  });
}

/** A definition of the catalogue that needs scores. */
export function scoreScores(name: string): Score {
  const { compute } = scoreDefinitions.find((definition) => definition.name === name)!;
  return scoreGroups(name, (people, counts) => {
    const groups = scorePeople(people, counts.groups);
    return comparePairs(counts, (at) => compute({ groups: [groups[0]!, groups[at]!], grid: 4096 }));
  });
}

/** Every group against the first; of two groups it goes without saying. */
function comparePairs(counts: GroupCounts, compare: (at: number) => number): Part[] {
  const [first, ...others] = counts.groups;
  return others.map((group, index) => {
    const pair = takeGroups(counts, [0, index + 1]);
    return {
      group: others.length === 1 ? {} : { group, against: first! },
      value: compare(index + 1),
      n: sum(pair.cells),
    };
  });
}

function sum(cells: Float64Array): number {
  return cells.reduce((total, count) => total + count, 0);
}

function requireProtected(metric: string, options: ProtectedOptions): readonly string[] {
  if (options.protected !== undefined && options.protected.length > 0) return options.protected;
  throw new HeldoutError({
    code: 'E_METRIC_PROTECTED',
    message: `${metric} compares groups, and evaluation.protected names no variable that makes them`,
    place: 'evaluation.metrics',
    hints: ["type '+evaluation.protected=[sex]'"],
  });
}
