import * as z from 'zod';
import type { RunRecord } from '../evaluation/record.js';
import { comparePaired, judgeEffect, type Outcome } from './paired.js';
import { rowKey } from './records.js';
import { compareIntervals, type Summary, summarize } from './summary.js';

const quantity = z
  .strictObject({
    model: z.string(),
    split: z.string(),
    dataset: z.string().optional().describe('needed where the study has several'),
    set: z.string().default('test'),
    metric: z.string().default('r2'),
    group: z.record(z.string(), z.string()).default({}),
  })
  .describe('a number of some runs: its mean over their seeds');

/** `expected.json` of an experiment: what should come out, and where that is known from. */
export const expectationsSchema = z.strictObject({
  study: z.string(),
  expectations: z
    .array(
      z.strictObject({
        claim: z.string().describe('in words'),
        source: z.string().describe('where the number or the claim is from'),
        value: quantity,
        minus: quantity.optional().describe('the difference to this is meant'),
        over: quantity.optional().describe('the ratio to this is meant'),
        near: z.number().optional(),
        tolerance: z.number().positive().optional(),
        at_least: z.number().optional(),
        at_most: z.number().optional(),
        not_above: quantity.optional().describe('the mean must not lie above the mean of this'),
        intervals_apart: z
          .boolean()
          .default(false)
          .describe('95 % intervals of value and minus must not touch'),
        effect: z
          .number()
          .positive()
          .optional()
          .describe(
            'difference that a paper reports; the rule is then that of `judgeEffect`, on pairs of seeds',
          ),
        scale: z.string().optional().describe('at which it is asked here'),
        outcome: z
          .enum(['reproduced', 'not reproduced', 'undecided'])
          .optional()
          .describe('what a claim of a paper came to here: that it comes to the same is what is checked'),
      }),
    )
    .min(1),
});

export type Expectations = z.infer<typeof expectationsSchema>;
type Expectation = Expectations['expectations'][number];
type Quantity = Expectation['value'];

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
export function checkExpectations(records: readonly RunRecord[], { expectations }: Expectations): Verdict[] {
  return expectations.map((expectation) => {
    const { claim, source, scale } = expectation;
    return { claim, source, ...(scale !== undefined && { scale }), ...judge(expectation, records) };
  });
}

function judge(expectation: Expectation, records: readonly RunRecord[]): Pick<Verdict, 'verdict' | 'found'> {
  const find = (item: Quantity) => measure(records, item);
  const { value: first, minus: second, over, not_above } = expectation;
  const wanted = [first, second, over, not_above].flatMap((item) => item ?? []);
  for (const item of wanted) {
    const datasets = [...new Set(selectRuns(records, item).map(({ labels }) => labels.dataset))];
    if (datasets.length < 2) continue;
    const found = `there are several ${describe(item)}: say which dataset, ${datasets.join(' or ')}`;
    return { verdict: 'unknown', found };
  }
  const absent = wanted.find((item) => find(item) === undefined);
  if (absent !== undefined) return { verdict: 'unknown', found: `there is no ${describe(absent)}` };
  const held =
    expectation.effect === undefined ? judgeBounds(expectation, find) : judgePairs(expectation, records);
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
  const paired = minus && comparePaired(valuesBySeed(records, value), valuesBySeed(records, minus));
  if (paired === undefined) return { outcome: 'undecided', found: 'no seed has both numbers' };
  const { difference } = paired;
  return {
    outcome: judgeEffect(difference, effect!),
    found: `${difference.mean.toFixed(3)} ${formatSummary(difference)}, pairs of seeds; the paper has ${effect}`,
  };
}

function valuesBySeed(records: readonly RunRecord[], wanted: Quantity): ReadonlyMap<string, number> {
  return new Map(
    selectRuns(records, wanted).flatMap((record) =>
      readValues(record, wanted).map((value) => [record.labels.seed ?? '', value] as const),
    ),
  );
}

function measure(records: readonly RunRecord[], wanted: Quantity): Summary | undefined {
  return summarize(selectRuns(records, wanted).flatMap((record) => readValues(record, wanted)));
}

function readValues({ rows }: RunRecord, { set, group, metric }: Quantity): number[] {
  const key = rowKey(set, group);
  return rows
    .filter((row) => row.metric === metric && rowKey(row.set, row.group) === key)
    .map(({ value }) => value);
}

function selectRuns(records: readonly RunRecord[], { model, split, dataset }: Quantity): RunRecord[] {
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

function describe({ set, metric, model, split, dataset, group }: Quantity): string {
  const where = Object.entries(group).map(([name, value]) => ` ${name}=${value}`);
  return `${set} ${metric}${where.join('')} of ${model} on ${split}${dataset === undefined ? '' : ` of ${dataset}`}`;
}
