import type { PairComparison } from '../../analysis/ranks/compare-pairs.js';
import { fewestBlocks } from '../../analysis/ranks/friedman.js';
import {
  mostForAllPairs,
  type RankedAlgorithms,
  rankAlgorithms,
} from '../../analysis/ranks/rank-algorithms.js';
import { groupRecords } from '../../selection/index.js';
import { type Cell, missing, type Row, type Table } from '../table.js';
import { labelRule } from './rule-labels.js';
import type { DomainStudy } from './selected.js';
import { hasRanking } from './selection-sensitivity.js';

/** Environments that are held out. */
export function countBlocks({ records }: DomainStudy): number {
  return new Set(groupRecords(records).map(({ testEnvironment }) => testEnvironment)).size;
}

/** Whether environments are enough to test ranks over them. */
export function hasBlocks(study: DomainStudy): boolean {
  return hasRanking(study) && countBlocks(study) >= fewestBlocks;
}

/** Mean ranks of algorithms over held-out environments, by the rule that selects runs, and the tests of them. */
export function tabulateRanks({ dataset, records }: DomainStudy): Omit<Table, 'name'> {
  const found = rankAlgorithms(records);
  const { algorithms = [], friedman, pairs = [], trials = 0 } = found[0] ?? {};
  const row = (
    section: string,
    header: string,
    cellOf: (ranked: RankedAlgorithms) => Cell | number | undefined,
  ): Row => ({
    header: [header],
    section,
    ranked: false,
    cells: found.map((ranked) => toCell(cellOf(ranked))),
  });
  const ofPairs = (
    section: string,
    between: 'and' | 'less',
    cellOfPair: (comparison: PairComparison) => Cell | number,
  ) =>
    pairs.map(({ pair: [first, second] }, at) =>
      row(section, `${algorithms[first]} ${between} ${algorithms[second]}`, (ranked) =>
        cellOfPair(ranked.pairs[at]!),
      ),
    );
  const blocks = friedman?.blocks ?? 0;
  const together = algorithms.length > mostForAllPairs ? `pairs with ${algorithms[0]}` : 'all pairs';
  return {
    title: `Ranks of algorithms over environments held out of ${dataset}`,
    caption: [
      `Algorithms are ranked in each of ${blocks} held-out environments, 1 for the highest accuracy (mean over ${trials} ${trials === 1 ? 'trial' : 'trials'}), ties sharing their ranks. Columns: rules that select a run and a checkpoint; the oracle sees the environment that it is tested on and is no result.`,
      'Friedman: whether any algorithm differs, corrected for ties; with so few environments the F of Iman and Davenport is to be preferred. Critical difference (Nemenyi): two mean ranks that differ by less cannot be told apart at that level, over all pairs together.',
      `Mean differences are over environments, with the paired bootstrap over them: the claim is on environments like these ${blocks}, and with so few it comes out too narrow.`,
      `p of pairs: two-sided, exact, over environments after Holm’s correction for ${together}. With ${blocks} environments the smallest p that can come out is ${formatP(2 / 2 ** blocks)} before correction, and ${formatP(Math.min(1, (pairs.length * 2) / 2 ** blocks))} for the first of ${pairs.length} after it.`,
      'Environments of one dataset share images and training data, so that they are not independent: p values may be too small.',
    ],
    stub: ['algorithm or test'],
    columns: found.map(({ rule }) => ({ label: labelRule(rule) })),
    rows:
      found.length === 0
        ? []
        : [
            ...algorithms.map((name, at) => row('mean rank', name, (own) => own.friedman.meanRanks[at])),
            row('Friedman', 'chi-squared', (own) => own.friedman.chiSquared),
            row('Friedman', 'p of chi-squared', (own) => own.friedman.chiSquaredP),
            row('Friedman', 'F (Iman and Davenport)', (own) => finite(own.friedman.f)),
            row('Friedman', 'p of F', (own) => own.friedman.fP),
            row('critical difference of mean ranks', 'level .05', (own) => own.differences[0.05]),
            row('critical difference of mean ranks', 'level .10', (own) => own.differences[0.1]),
            ...ofPairs('mean difference of accuracy', 'less', ({ mean }) => mean),
            ...ofPairs('95 % interval of the mean difference', 'less', ({ interval }) =>
              interval === undefined ? missing : { kind: 'interval', ...interval },
            ),
            ...ofPairs('Wilcoxon’s signed-rank test, p', 'and', ({ adjusted }) => adjusted.wilcoxon),
            ...ofPairs('sign test, p', 'and', ({ adjusted }) => adjusted.sign),
          ],
  };
}

/** Where all environments agree on all ranks F is infinite, which a table cannot print. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function toCell(value: Cell | number | undefined): Cell {
  if (typeof value === 'object') return value;
  return value === undefined || Number.isNaN(value) ? missing : { kind: 'value', value };
}

function formatP(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}
