import { comparedRules, type DomainRecord, type SelectionRule } from '../../selection/index.js';
import { comparePairs, listPairs, type PairComparison } from './compare-pairs.js';
import { type FriedmanTest, fewestBlocks, friedmanTest } from './friedman.js';
import { criticalDifference, type NemenyiLevel } from './nemenyi.js';
import { type SelectedGrid, selectGrids } from './selected-grid.js';

/** Algorithms by their ranks over environments, of the runs that one rule selects. */
export interface RankedAlgorithms {
  readonly rule: SelectionRule;
  readonly algorithms: readonly string[];
  readonly friedman: FriedmanTest;
  /** Of mean ranks, by level; undefined beyond 20 algorithms. */
  readonly differences: Readonly<Record<NemenyiLevel, number | undefined>>;
  readonly pairs: readonly PairComparison[];
  readonly trials: number;
}

/** Beyond, algorithms are compared with the first alone: all pairs are more than can be read, or corrected for. */
export const mostForAllPairs = 6;

/**
 * Friedman's test with what follows it, with environments as blocks and the means over trials as values; by every rule that
 * selects in all trials. Empty with fewer than five environments or two algorithms.
 */
export function rankAlgorithms(
  records: readonly DomainRecord[],
  rules: readonly SelectionRule[] = comparedRules,
): readonly RankedAlgorithms[] {
  const grids = selectGrids(records, rules);
  const [first] = grids;
  if (first === undefined || first.algorithms.length < 2 || first.environments.length < fewestBlocks)
    return [];
  const { algorithms, trials } = first;
  const all = listPairs(algorithms.length);
  const chosen = algorithms.length > mostForAllPairs ? all.filter(([control]) => control === 0) : all;
  return grids.map((grid) => {
    const values = averageByEnvironment(grid);
    const friedman = friedmanTest(values);
    const differenceAt = (level: NemenyiLevel) => criticalDifference(algorithms.length, values.length, level);
    return {
      ...{ rule: grid.rule, algorithms, friedman, trials: trials.length },
      differences: { 0.05: differenceAt(0.05), 0.1: differenceAt(0.1) },
      pairs: comparePairs(values, chosen),
    };
  });
}

/** Mean over trials, `[environment][algorithm]`. */
function averageByEnvironment({ accuracies, environments, trials }: SelectedGrid): number[][] {
  return environments.map((_, place) =>
    accuracies.map((own) => own.reduce((sum, trial) => sum + trial[place]!, 0) / trials.length),
  );
}
