import type { RunRecord } from '../../evaluation/record.js';
import { comparePaired, judgeEffect, type Outcome } from '../paired.js';
import { rowKey } from '../records.js';
import { compareIntervals, type Summary, summarize } from '../summary.js';
import {
  type Expectation,
  type Expectations,
  isOfTable,
  type NumberOfRuns,
  type NumberOfTable,
  type Quantity,
} from './schema.js';

/** What is known of a study. */
export interface Findings {
  readonly records: readonly RunRecord[];
  /** Reads a cell of a table of the study; undefined where it has no number. */
  readonly readCell?: (cell: NumberOfTable) => Summary | undefined;
}

export interface Verdict {
  readonly claim: string;
  readonly source: string;
  readonly scale?: string;
  /** `unknown`: a number that the claim is about is not there. */
  readonly verdict: 'holds' | 'fails' | 'unknown';
  /** What was found, in words. */
  readonly found: string;
}

/** Compares what came out with what should have. */
export function checkExpectations(findings: Findings, { expectations }: Expectations): Verdict[] {
  return expectations.map((expectation) => {
    const { claim, source, scale } = expectation;
    return { claim, source, ...(scale !== undefined && { scale }), ...judge(expectation, findings) };
  });
}

function judge(expectation: Expectation, findings: Findings): Pick<Verdict, 'verdict' | 'found'> {
  const find = (item: Quantity) => measure(findings, item);
  const { value: first, minus: second, over, not_above } = expectation;
  const wanted = [first, second, over, not_above].flatMap((item) => item ?? []);
  for (const item of wanted) {
    if (isOfTable(item)) continue;
    const datasets = [...new Set(selectRuns(findings.records, item).map(({ labels }) => labels.dataset))];
    if (datasets.length < 2) continue;
    const found = `there are several ${describe(item)}: say which dataset, ${datasets.join(' or ')}`;
    return { verdict: 'unknown', found };
  }
  const absent = wanted.find((item) => find(item) === undefined);
  if (absent !== undefined) return { verdict: 'unknown', found: `there is no ${describe(absent)}` };
  const held =
    expectation.effect === undefined
      ? judgeBounds(expectation, find)
      : judgePairs(expectation, findings.records);
  const { outcome } = expectation;
  if (outcome === undefined)
    return { verdict: held.outcome === 'reproduced' ? 'holds' : 'fails', found: held.found };
  return { verdict: held.outcome === outcome ? 'holds' : 'fails', found: `${held.outcome}: ${held.found}` };
}

interface Judged {
  readonly outcome: Outcome;
  readonly found: string;
}

function judgeBounds(expectation: Expectation, find: (item: Quantity) => Summary | undefined): Judged {
  const of = (item: Quantity | undefined) => (item === undefined ? undefined : find(item)!);
  const value = find(expectation.value)!;
  const [minus, over, bound] = [of(expectation.minus), of(expectation.over), of(expectation.not_above)];
  const number = (value.mean - (minus?.mean ?? 0)) / (over?.mean ?? 1);
  const { near, tolerance = 0, at_least: least, at_most: most } = expectation;
  const checks = [
    near === undefined || Math.abs(number - near) <= tolerance,
    least === undefined || number >= least,
    most === undefined || number <= most,
    bound === undefined || number <= bound.mean,
    !expectation.intervals_apart ||
      (minus !== undefined && ['above', 'below'].includes(compareIntervals(value, minus))),
  ];
  const terms = [formatSummary(value), ...(minus ? [`− ${formatSummary(minus)}`] : [])];
  const parts = [
    number.toFixed(3),
    `${minus === undefined && over === undefined ? '' : '= '}${terms.join(' ')}`,
    ...(over === undefined ? [] : [`over ${formatSummary(over)}`]),
    ...(bound === undefined ? [] : [`against ${bound.mean.toFixed(3)}`]),
  ];
  return { outcome: checks.every(Boolean) ? 'reproduced' : 'not reproduced', found: parts.join(' ') };
}

/** Differences seed by seed. */
function judgePairs({ value, minus, effect }: Expectation, records: readonly RunRecord[]): Judged {
  if (minus === undefined || isOfTable(value) || isOfTable(minus))
    throw new Error('pairs of seeds are of runs: the schema says so');
  const paired = comparePaired(valuesBySeed(records, value), valuesBySeed(records, minus));
  if (paired === undefined) return { outcome: 'undecided', found: 'no seed has both numbers' };
  const { difference } = paired;
  return {
    outcome: judgeEffect(difference, effect!),
    found: `${difference.mean.toFixed(3)} ${formatSummary(difference)}, pairs of seeds; the paper has ${effect}`,
  };
}

function valuesBySeed(records: readonly RunRecord[], wanted: NumberOfRuns): ReadonlyMap<string, number> {
  return new Map(
    selectRuns(records, wanted).flatMap((record) =>
      readValues(record, wanted).map((value) => [record.labels.seed ?? '', value] as const),
    ),
  );
}

function measure({ records, readCell }: Findings, wanted: Quantity): Summary | undefined {
  if (isOfTable(wanted)) return readCell?.(wanted);
  return summarize(selectRuns(records, wanted).flatMap((record) => readValues(record, wanted)));
}

function readValues({ rows }: RunRecord, { set, group, metric }: NumberOfRuns): number[] {
  const key = rowKey(set, group);
  return rows
    .filter((row) => row.metric === metric && rowKey(row.set, row.group) === key)
    .map(({ value }) => value);
}

function selectRuns(records: readonly RunRecord[], { model, split, dataset }: NumberOfRuns): RunRecord[] {
  return records.filter(
    ({ labels }) =>
      labels.model === model &&
      labels.split === split &&
      (dataset === undefined || labels.dataset === dataset),
  );
}

function formatSummary({ mean, halfWidth, n }: Summary): string {
  return halfWidth === undefined
    ? `(${mean.toFixed(3)})`
    : `(${mean.toFixed(3)} ± ${halfWidth.toFixed(3)}, n = ${n})`;
}

function describe(item: Quantity): string {
  if (isOfTable(item)) {
    const section = item.section === undefined ? '' : ` of ${JSON.stringify(item.section)}`;
    return `number in ${JSON.stringify(item.column)} of row ${item.row.map((one) => JSON.stringify(one)).join(', ')}${section} of table ${item.table}`;
  }
  const { set, metric, model, split, dataset, group } = item;
  const where = Object.entries(group).map(([name, value]) => ` ${name}=${value}`);
  return `${set} ${metric}${where.join('')} of ${model} on ${split}${dataset === undefined ? '' : ` of ${dataset}`}`;
}
