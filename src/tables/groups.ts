import { displayName } from '../analysis/held-out.js';
import { summarize } from '../analysis/summary.js';
import type { GroupAnalysis, GroupMeasure, GroupRate } from '../evaluation/fairness/analyse.js';
import { directions } from '../evaluation/fairness/definitions/definition.js';
import type { Estimate } from '../evaluation/fairness/estimate.js';
import type { Interval } from '../evaluation/fairness/intervals.js';
import { toCell } from './held-out.js';
import type { Cell, Row, Table } from './table.js';

/** What was found of the groups of people in one set of one run. */
export interface GroupRun {
  readonly labels: { readonly dataset: string; readonly model: string; readonly split: string };
  /** Whether it was computed, not trained. */
  readonly reference: boolean;
  readonly analyses: readonly GroupAnalysis[];
}

interface Order {
  readonly models: readonly string[];
  readonly references: readonly string[];
  readonly splits: readonly string[];
}

/**
 * Group sizes, rates of each group, then every definition, for each model, target and way to group people. Runs of a model
 * differ in their seed: values are means over them, intervals have the means of their ends.
 */
export function tabulateGroups(
  runs: readonly GroupRun[],
  order: Order,
  dataset: string,
): Omit<Table, 'name'> {
  const own = runs.filter(({ labels }) => labels.dataset === dataset);
  const sets = [...new Set(own.flatMap(({ analyses }) => analyses.map(({ set }) => set)))];
  const rows = order.splits.flatMap((split) =>
    [...order.models, ...order.references].flatMap((model) => {
      const members = own.filter(({ labels }) => labels.split === split && labels.model === model);
      return listComparisons(members).flatMap(({ target, by, of }) => {
        const place = [
          ...(order.splits.length > 1 ? [split] : []),
          displayName(model),
          `${target} by ${by}`,
        ].join(', ');
        const ranked = !members.some(({ reference }) => reference);
        return [
          ...rowsOfSizes(of).map((row) => ({ ...row, section: `${place}: people`, ranked })),
          ...rowsOfRates(of).map((row) => ({ ...row, section: `${place}: rates`, ranked })),
          ...rowsOfMeasures(of).map((row) => ({
            ...row,
            section: `${place}: comparisons${nameGroups(of)}`,
            ranked,
          })),
        ];
      });
    }),
  );
  return {
    title: `Groups of people on ${dataset}, set ${sets.join(', ')}`,
    caption: [
      'People first: sizes of groups; then rates, with the people below the line; then every definition, with where its parity lies. Definitions in words, who has them, and how they put groups together: table group-definitions.',
      'analytic and bootstrap: 95 % intervals of one run for its sample of people, given the sizes of groups; over several runs the means of their ends. Bootstrap: percentiles of 10,000 draws, of 500 where scores are needed. Of what cannot fall below 0, percentiles never reach parity: there the signed difference tells.',
    ],
    stub: ['quantity', 'group'],
    columns: ['value', 'analytic', 'bootstrap', 'people', 'direction', 'why none'].map((label) => ({
      label,
    })),
    rows,
  };
}

interface Comparison {
  readonly target: string;
  readonly by: string;
  readonly of: readonly GroupAnalysis[];
}

function listComparisons(members: readonly GroupRun[]): Comparison[] {
  const all = members.flatMap(({ analyses }) => analyses);
  const keys = [...new Set(all.map(({ target, by }) => `${target}\n${by}`))];
  return keys.map((key) => {
    const [target = '', by = ''] = key.split('\n');
    return { target, by, of: all.filter((each) => each.target === target && each.by === by) };
  });
}

type PlainRow = Pick<Row, 'header' | 'cells'>;

const text = (what: string): Cell => ({ kind: 'text', text: what });
const blank = text('');

/** Sizes may differ where every seed has a split of its own. */
function count(values: readonly number[]): Cell {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return text(least === most ? String(least) : `${least} to ${most}`);
}

function rowsOfSizes(of: readonly GroupAnalysis[]): PlainRow[] {
  const kinds = [
    ['people', 'people'],
    ['people of the positive class', 'positives'],
    ['people decided positive', 'decidedPositive'],
  ] as const;
  return kinds.flatMap(([label, key]) =>
    listNames(of.flatMap(({ sizes }) => sizes.map(({ group }) => group))).map((group) => {
      const found = of.map(({ sizes }) => sizes.find((each) => each.group === group)?.[key] ?? 0);
      return { header: [label, group], cells: [count(found), blank, blank, blank, blank, blank] };
    }),
  );
}

function rowsOfRates(of: readonly GroupAnalysis[]): PlainRow[] {
  const keyOf = ({ rate, group }: GroupRate) => `${rate}\n${group}`;
  const all = of.flatMap(({ rates }) => rates);
  return listNames(all.map(keyOf)).map((key) => {
    const found = all.filter((each) => keyOf(each) === key);
    const { rate, group } = found[0]!;
    return { header: [rate, group], cells: [...estimateCells(found), blank, reason(found)] };
  });
}

function rowsOfMeasures(of: readonly GroupAnalysis[]): PlainRow[] {
  const keyOf = ({ definition, pair }: GroupMeasure) => `${definition.name}\n${pair?.join() ?? ''}`;
  const all = of.flatMap(({ measures }) => measures);
  const several = of.some(({ sizes }) => sizes.length > 2);
  return listNames(all.map(keyOf)).map((key) => {
    const found = all.filter((each) => keyOf(each) === key);
    const { definition, pair } = found[0]!;
    const groups = pair !== undefined && several ? `1: ${pair[0]}, 0: ${pair[1]}` : '';
    return {
      header: [definition.name, groups],
      cells: [...estimateCells(found), text(directions[definition.direction]), reason(found)],
    };
  });
}

/** Value, both intervals, and people. */
function estimateCells(found: readonly (Estimate & { readonly n: number })[]): Cell[] {
  const values = found.flatMap(({ value }) => value ?? []);
  return [
    values.length === 0 ? text('none') : single(values),
    meanInterval(found.flatMap(({ analytic }) => analytic ?? [])),
    meanInterval(found.flatMap(({ bootstrap }) => bootstrap ?? [])),
    count(found.map(({ n }) => n)),
  ];
}

/** Why some or all runs have no value. */
function reason(found: readonly Estimate[]): Cell {
  const lacking = found.flatMap(({ absent }) => absent ?? []);
  const runs = found.length > 1 && lacking.length > 0 ? `${lacking.length} of ${found.length} runs: ` : '';
  return text(`${runs}${listNames(lacking).join('; ')}`);
}

/** One run has no spread over runs. */
function single(values: readonly number[]): Cell {
  return values.length === 1 ? { kind: 'value', value: values[0]! } : toCell(summarize(values), true);
}

function meanInterval(intervals: readonly Interval[]): Cell {
  if (intervals.length === 0) return blank;
  const mean = (end: keyof Interval) =>
    intervals.reduce((sum, interval) => sum + interval[end], 0) / intervals.length;
  return { kind: 'interval', low: mean('low'), high: mean('high') };
}

/** Which group is which, where there are two. */
function nameGroups(of: readonly GroupAnalysis[]): string {
  const names = of.find(({ sizes }) => sizes.length === 2)?.sizes.map(({ group }) => group);
  return names === undefined || of.some(({ sizes }) => sizes.length > 2)
    ? ''
    : `, group 1 is ${names[1]}, group 0 is ${names[0]}`;
}

function listNames(names: readonly string[]): string[] {
  return [...new Set(names)];
}
