import { summarize } from '../../analysis/summary.js';
import {
  type DomainRecord,
  groupRecords,
  ownRules,
  type Selection,
  type SelectionRule,
  select,
} from '../../selection/index.js';
import { overTrials } from '../captions.js';
import { countRuns, toCell } from '../held-out.js';
import type { Row, Table } from '../table.js';

/** Trainings of one dataset. */
export interface DomainStudy {
  readonly dataset: string;
  /** Names of all environments, by their index. */
  readonly environments: readonly string[];
  readonly records: readonly DomainRecord[];
}

/** Accuracy in every environment when it is held out, of the run and the checkpoint that each rule selects. */
export function tabulateSelected({ dataset, environments, records }: DomainStudy): Omit<Table, 'name'> {
  const groups = groupRecords(records);
  const tested = environments.flatMap((name, index) =>
    groups.some(({ testEnvironment }) => testEnvironment === index) ? [{ name, index }] : [],
  );
  const algorithms = [...new Set(records.map(({ args }) => args.algorithm))];
  const draws = new Set(records.map(({ args }) => args.hparams_seed)).size;
  const rows = ownRules.flatMap((rule) => {
    const found = groups.map((group) => select(group, rule));
    if (found.every(({ chosen }) => chosen === undefined)) return [];
    return algorithms.map((algorithm) => rowOf(rule, algorithm, tested, found));
  });
  return {
    title: `Accuracy in environments held out of ${dataset}, by how runs are selected`,
    caption: [
      `Share of right answers in the environment of a column, which the run was not trained on. Of ${draws} ${draws === 1 ? 'draw' : 'draws'} of hyper-parameters and of all checkpoints the rule selects one in each trial: by the environments that are trained on (their mean: training-domain validation; the worst of them: worst-environment validation), or by other runs that leave one of these out too (leave-one-domain-out). The oracle sees the environment that it is tested on, at the last checkpoint alone: it is no result, but what selection leaves on the table.`,
      `${overTrials} Average: of the trials’ means over the environments of the table.`,
      'Marked: the best algorithm by each rule, ties in print included.',
    ],
    stub: ['algorithm'],
    columns: [
      ...[...tested.map(({ name }) => name), 'average'].map((label) => ({ label, best: 'highest' as const })),
      { label: 'n' },
    ],
    rows,
  };
}

function rowOf(
  rule: SelectionRule,
  algorithm: string,
  tested: readonly { readonly index: number }[],
  found: readonly Selection[],
): Row {
  const own = found.filter(({ group }) => group.algorithm === algorithm);
  const accuracies = tested.map(({ index }) =>
    own.flatMap(({ group, chosen }) =>
      group.testEnvironment === index && chosen !== undefined ? [chosen.test] : [],
    ),
  );
  return {
    header: [algorithm],
    section: rule.looksAtTest ? `${rule.name}: sees the test environment` : rule.name,
    ranked: true,
    cells: [
      ...accuracies.map((values) => toCell(summarize(values), true)),
      toCell(summarize(trialMeans(own, tested.length)), true),
      countRuns(accuracies.map(({ length }) => length)),
    ],
  };
}

/** Of the trials in which every environment was held out. */
function trialMeans(own: readonly Selection[], environments: number): number[] {
  const trials = [...new Set(own.map(({ group }) => group.trial))];
  return trials.flatMap((trial) => {
    const values = own.flatMap(({ group, chosen }) =>
      group.trial === trial && chosen !== undefined ? [chosen.test] : [],
    );
    return values.length < environments ? [] : [values.reduce((sum, each) => sum + each, 0) / environments];
  });
}
