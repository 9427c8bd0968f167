import { compareRules, type RuleRanking } from '../../analysis/ranks/selection-sensitivity.js';
import { overTrials } from '../captions.js';
import { toCell } from '../held-out.js';
import { type Cell, missing, type Row, type Table } from '../table.js';
import { labelRule } from './rule-labels.js';
import type { DomainStudy } from './selected.js';

/** Whether there is a ranking that could depend on anything. */
export function hasRanking({ records }: DomainStudy): boolean {
  return new Set(records.map(({ args }) => args.algorithm)).size > 1;
}

/** How much the ranking of algorithms depends on the rule that selects runs, and what selection costs. */
export function tabulateSensitivity({ dataset, records }: DomainStudy): Omit<Table, 'name'> {
  const found = compareRules(records);
  const { algorithms = [], environments = [], trials = [], rankings = [], taus = [] } = found ?? {};
  const section = (name: string, headers: readonly string[], cellsOf: (at: number) => readonly Cell[]) =>
    headers.map(
      (header, at): Row => ({ header: [header], section: name, ranked: false, cells: cellsOf(at) }),
    );
  const perRule = (cellOf: (ranking: RuleRanking, at: number) => Cell) => (at: number) =>
    rankings.map((ranking) => cellOf(ranking, at));
  const labels = rankings.map(({ rule }) => labelRule(rule));
  return {
    title: `How the ranking of algorithms on ${dataset} depends on the selection of runs`,
    caption: [
      `Columns: rules that select a run and a checkpoint; the oracle sees the environment that it is tested on, at the last checkpoint alone, and is no result. Of the ${trials.length} ${trials.length === 1 ? 'trial' : 'trials'} in which every algorithm has every one of ${environments.length} held-out environments; a rule that lacks a number in one of them has no column.`,
      'Mean accuracy: over environments. Rank: of that mean, 1 for the highest, equal ones share theirs. Kendall’s tau-b: 1 for the same order of algorithms, −1 for the opposite one. Cost of selection: accuracy by the oracle less accuracy by the rule, in the same trials; below 0 where an earlier checkpoint, which the oracle may not take, is better.',
      overTrials,
    ],
    stub: ['algorithm or rule'],
    columns: labels.map((label) => ({ label })),
    rows: [
      ...section(
        'rank',
        algorithms,
        perRule(({ ranks }, at) => ({ kind: 'text', text: String(ranks[at]) })),
      ),
      ...section(
        'mean accuracy',
        algorithms,
        perRule(({ accuracies }, at) => toCell(accuracies[at], true)),
      ),
      ...section('Kendall’s tau', labels, (at) => taus[at]!.map(toValue)),
      ...section(
        'cost of selection',
        algorithms,
        perRule(({ costs }, at) =>
          costs === undefined ? { kind: 'text', text: '' } : toCell(costs[at], true),
        ),
      ),
    ],
  };
}

function toValue(value: number): Cell {
  return Number.isNaN(value) ? missing : { kind: 'value', value };
}
