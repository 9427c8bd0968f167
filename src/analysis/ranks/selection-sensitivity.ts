import { comparedRules, type DomainRecord, type SelectionRule } from '../../selection/index.js';
import { type Summary, summarize } from '../summary.js';
import { kendall } from '../transfer/statistics/correlation.js';
import { rankBestFirst } from './best-first.js';
import { type SelectedGrid, selectGrids } from './selected-grid.js';

/** How a rule ranks algorithms; one entry per algorithm in each list. */
export interface RuleRanking {
  readonly rule: SelectionRule;
  /** Over trials, of the mean accuracy over environments. */
  readonly accuracies: readonly Summary[];
  /** 1 for the highest mean; equal ones share the mean of theirs. */
  readonly ranks: readonly number[];
  /** Accuracy of what the oracle selects less that of what the rule selects, over trials; undefined for the oracle. */
  readonly costs: readonly Summary[] | undefined;
}

export interface SelectionSensitivity {
  readonly algorithms: readonly string[];
  readonly environments: readonly number[];
  readonly trials: readonly number[];
  readonly rankings: readonly RuleRanking[];
  /** Kendall's tau-b between the rankings of two rules, by their places; NaN where a rule ties all algorithms. */
  readonly taus: readonly (readonly number[])[];
}

/**
 * What the ranking of algorithms owes to the rule by which runs are selected. Of the trials in which every algorithm has a
 * number in every environment by the first rule; rules that lack one there are left out. Undefined where there are fewer
 * than two algorithms or no such trial.
 */
export function compareRules(
  records: readonly DomainRecord[],
  rules: readonly SelectionRule[] = comparedRules,
): SelectionSensitivity | undefined {
  const grids = selectGrids(records, rules);
  const [first] = grids;
  if (first === undefined || first.algorithms.length < 2) return undefined;
  const oracle = grids.find(({ rule }) => rule.looksAtTest);
  const bestPossible = oracle && averageTrials(oracle);
  const rankings = grids.map((grid): RuleRanking => {
    const means = averageTrials(grid);
    const accuracies = means.map((own) => summarize(own)!);
    const costs =
      grid === oracle
        ? undefined
        : bestPossible?.map((own, at) => summarize(own.map((value, trial) => value - means[at]![trial]!))!);
    return { rule: grid.rule, accuracies, ranks: rankBestFirst(accuracies.map(({ mean }) => mean)), costs };
  });
  const taus = rankings.map(({ ranks }) => rankings.map((other) => kendall(ranks, other.ranks)));
  const { algorithms, environments, trials } = first;
  return { algorithms, environments, trials, rankings, taus };
}

/** Mean over environments, by algorithm and trial. */
function averageTrials({ accuracies, environments }: SelectedGrid): number[][] {
  return accuracies.map((own) =>
    own.map((values) => values.reduce((sum, value) => sum + value, 0) / environments.length),
  );
}
