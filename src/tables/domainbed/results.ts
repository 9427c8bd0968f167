import { algorithms, datasets } from '../../config/domainbed/catalogue.js';
import {
  type DomainGroup,
  type DomainRecord,
  groupRecords,
  type Selection,
  type SelectionRule,
  select,
} from '../../selection/index.js';
import { numpyMean } from '../../selection/numpy-sum.js';
import { averageCell, type Cell, type Format, meanCell } from './cell.js';
import { tableLines } from './lines.js';

export interface Results {
  /** What DomainBed's collect_results prints, to the character, with its last line feed. */
  readonly text: string;
  /** What was chosen for every number, and what the rules lacked. */
  readonly selections: readonly Selection[];
}

/**
 * The tables of DomainBed's collect_results: for every rule one for each dataset and one of averages. Algorithms and
 * datasets stand in its order; one that is not DomainBed's follows, its environments named by their numbers (there,
 * such a dataset is left out without a word).
 */
export function resultTables(
  records: readonly DomainRecord[],
  rules: readonly SelectionRule[],
  format: Format,
): Results {
  const groups = groupRecords(records);
  const lines = format === 'latex' ? latexHead(records.length) : [`Total records: ${records.length}`];
  const selections: Selection[] = [];
  for (const rule of rules) {
    if (format === 'latex') lines.push('', `\\subsection{Model selection: ${rule.name}}`);
    const found = groups.map((group) => select(group, rule));
    lines.push(...ruleLines(records, found, rule, format));
    selections.push(...found);
  }
  if (format === 'latex') lines.push('\\end{document}');
  return { text: `${lines.join('\n')}\n`, selections };
}

function latexHead(records: number): string[] {
  return [
    '\\documentclass{article}',
    '\\usepackage{booktabs}',
    '\\usepackage{adjustbox}',
    '\\begin{document}',
    '\\section{Full DomainBed results}',
    `% Total records: ${records}`,
  ];
}

function ruleLines(
  records: readonly DomainRecord[],
  found: readonly Selection[],
  rule: SelectionRule,
  format: Format,
): string[] {
  const named = order(
    records.map(({ args }) => args.algorithm),
    algorithms,
  );
  const measured = order(
    records.map(({ args }) => args.dataset),
    datasets.map(({ name }) => name),
  );
  const lines: string[] = [];
  for (const dataset of measured) {
    if (format === 'latex') lines.push('', `\\subsubsection{${dataset}}`);
    const environments = environmentsOf(dataset, records);
    const rows = named.map((algorithm) => {
      const cells = environments.map((_, index) =>
        meanCell(accuracies(found, { dataset, algorithm, testEnvironment: index }), format),
      );
      return [algorithm, ...cells.map(({ text }) => text), averageCell(cells)];
    });
    const title = `Dataset: ${dataset}, model selection method: ${rule.name}`;
    const columns = ['Algorithm', ...environments, 'Avg'];
    lines.push(...tableLines({ title, columns, rows, width: 20 }, format));
  }
  if (format === 'latex') lines.push('', '\\subsubsection{Averages}');
  const rows = named.map((algorithm) => {
    const cells = measured.map((dataset) => averageOfTrials(found, dataset, algorithm, format));
    return [algorithm, ...cells.map(({ text }) => text), averageCell(cells)];
  });
  const title = `Averages, model selection method: ${rule.name}`;
  const columns = ['Algorithm', ...measured, 'Avg'];
  return [...lines, ...tableLines({ title, columns, rows, width: 25 }, format)];
}

/** Over the test environments that there are in each trial first, then over trials. */
function averageOfTrials(
  found: readonly Selection[],
  dataset: string,
  algorithm: string,
  format: Format,
): Cell {
  const trials = [...new Set(found.map(({ group }) => group.trial))].sort((a, b) => a - b);
  const means = trials.flatMap((trial) => {
    const own = accuracies(found, { dataset, algorithm, trial });
    return own.length === 0 ? [] : [numpyMean(own)];
  });
  return meanCell(means, format);
}

/** What was chosen where a group is like this. */
function accuracies(found: readonly Selection[], like: Partial<DomainGroup>): number[] {
  const wanted = Object.entries(like) as [keyof DomainGroup, unknown][];
  return found.flatMap(({ group, chosen }) =>
    chosen !== undefined && wanted.every(([key, value]) => group[key] === value) ? [chosen.test] : [],
  );
}

/** The known names in their order, then the others in that of their first appearance. */
function order(names: readonly string[], known: readonly string[]): string[] {
  const there = new Set(names);
  return [...known.filter((name) => there.has(name)), ...[...there].filter((name) => !known.includes(name))];
}

function environmentsOf(dataset: string, records: readonly DomainRecord[]): readonly string[] {
  const known = datasets.find(({ name }) => name === dataset);
  if (known !== undefined) return known.environments;
  let count = 0;
  for (const { args } of records)
    if (args.dataset === dataset) count = Math.max(count, 1 + Math.max(...args.test_envs));
  return Array.from({ length: count }, (_, index) => String(index));
}
