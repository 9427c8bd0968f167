import { type DomainRecord, groupRecords, type SelectionRule, select } from '../../selection/index.js';

/** Accuracies (0 .. 1) of what a rule selects, where every algorithm has one. */
export interface SelectedGrid {
  readonly rule: SelectionRule;
  readonly algorithms: readonly string[];
  /** Indices of the environments that are held out anywhere in the records, ascending. */
  readonly environments: readonly number[];
  /** Those in which every algorithm has a number in every environment, ascending. */
  readonly trials: readonly number[];
  /** `accuracies[algorithm][trial][environment]`, by place in the lists. */
  readonly accuracies: readonly (readonly (readonly number[])[])[];
}

/** What a rule selects in the records of one dataset. Throws HeldoutError where a record lacks an accuracy. */
export function selectGrid(records: readonly DomainRecord[], rule: SelectionRule): SelectedGrid {
  const found = groupRecords(records).map((group) => select(group, rule));
  const algorithms = unique(records.map(({ args }) => args.algorithm));
  const environments = unique(found.map(({ group }) => group.testEnvironment)).sort((a, b) => a - b);
  const keyOf = (...place: readonly (string | number)[]) => JSON.stringify(place);
  const values = new Map(
    found.flatMap(({ group, chosen }) => {
      if (chosen === undefined || Number.isNaN(chosen.test)) return [];
      return [[keyOf(group.algorithm, group.trial, group.testEnvironment), chosen.test] as const];
    }),
  );
  const read = (algorithm: string, trial: number) =>
    environments.flatMap((environment) => values.get(keyOf(algorithm, trial, environment)) ?? []);
  const trials = unique(found.map(({ group }) => group.trial))
    .filter((trial) => algorithms.every((each) => read(each, trial).length === environments.length))
    .sort((a, b) => a - b);
  const accuracies = algorithms.map((algorithm) => trials.map((trial) => read(algorithm, trial)));
  return { rule, algorithms, environments, trials, accuracies };
}

/**
 * Grids of several rules on the same trials: those of the first rule. A rule that lacks a number in one of them is left
 * out, since its ranking would rest on other trainings.
 */
export function selectGrids(
  records: readonly DomainRecord[],
  rules: readonly SelectionRule[],
): readonly SelectedGrid[] {
  const grids = rules.map((rule) => selectGrid(records, rule));
  const trials = grids[0]?.trials ?? [];
  if (trials.length === 0) return [];
  return grids.flatMap((grid) => {
    if (trials.some((trial) => !grid.trials.includes(trial))) return [];
    const places = trials.map((trial) => grid.trials.indexOf(trial));
    return { ...grid, trials, accuracies: grid.accuracies.map((own) => places.map((at) => own[at]!)) };
  });
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
