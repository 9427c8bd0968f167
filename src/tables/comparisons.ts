import { displayName } from '../analysis/held-out.js';
import { comparePaired, judgeEffect } from '../analysis/paired.js';
import { rowKey } from '../analysis/records.js';
import { summarize } from '../analysis/summary.js';
import type { Comparisons } from '../config/index.js';
import type { RunRecord } from '../evaluation/record.js';
import { toCell } from './held-out.js';
import { type Cell, formatNumber, missing, type Row, type Table } from './table.js';

type Primary = NonNullable<Comparisons['primary']>;

export interface ComparisonScope {
  readonly dataset: string;
  readonly splits: readonly string[];
  /** Whether all runs of the plan are there: else there is no verdict. */
  readonly complete: boolean;
}

/** The paired comparisons of a study, the primary one first: a row per pair of models, a section per set. */
export function tabulateComparisons(
  records: readonly RunRecord[],
  comparisons: Comparisons,
  { dataset, splits, complete }: ComparisonScope,
): Omit<Table, 'name'> {
  const { metric, sets, pairs } = comparisons;
  const { primary: named } = comparisons;
  const primary = named === null || (named.dataset ?? dataset) === dataset ? named : null;
  const rows = splits.flatMap((split) => {
    const valuesOf = (model: string, set: string) =>
      new Map(
        records
          .filter(
            ({ labels }) => labels.dataset === dataset && labels.split === split && labels.model === model,
          )
          .flatMap(({ labels, rows }) =>
            rows
              .filter((row) => row.metric === metric && rowKey(row.set, row.group) === set)
              .map(({ value }) => [labels.seed ?? '', value] as const),
          ),
      );
    const prefix = splits.length > 1 ? `${split}: ` : '';
    const compare = (pair: { model: string; baseline: string }, set: string, section: string, end: Cell) =>
      compareModels(
        pair,
        valuesOf(pair.model, set),
        valuesOf(pair.baseline, set),
        `${prefix}${section}`,
        end,
      );
    const first =
      primary === null
        ? []
        : [
            compare(
              primary,
              primary.set,
              `primary: ${primary.set}`,
              judge(comparisons, primary, valuesOf, complete),
            ),
          ];
    // A set that another dataset alone has is left out.
    const own = sets.filter((set) =>
      pairs.some(({ model, baseline }) => valuesOf(model, set).size + valuesOf(baseline, set).size > 0),
    );
    const others = own.flatMap((set) =>
      pairs
        .filter((pair) => !(primary !== null && set === primary.set && isSamePair(pair, primary)))
        .map((pair) => compare(pair, set, set, text(isSound(comparisons, pair, valuesOf) ? '' : tooSmall))),
    );
    return [...first, ...others];
  });
  return {
    title: `Paired differences of ${metric} on ${dataset}`,
    caption: describe(comparisons, dataset),
    stub: ['model', 'baseline'],
    columns: ['model', 'baseline', 'difference', 'pairs', 'p', 'verdict'].map((label) => ({ label })),
    rows,
  };
}

type ValuesOf = (model: string, set: string) => ReadonlyMap<string, number>;

const text = (what: string): Cell => ({ kind: 'text', text: what });
const tooSmall = 'too small for an OOD statement';

/** Whether both models have learnt what they were trained on: else their difference elsewhere says little. */
function isSound(
  { sound }: Comparisons,
  { model, baseline }: Pick<Primary, 'model' | 'baseline'>,
  valuesOf: ValuesOf,
): boolean {
  if (sound === undefined) return true;
  return [model, baseline].every(
    (one) => (summarize([...valuesOf(one, sound.set).values()])?.mean ?? 0) >= sound.at_least,
  );
}

function compareModels(
  { model, baseline }: { readonly model: string; readonly baseline: string },
  values: ReadonlyMap<string, number>,
  others: ReadonlyMap<string, number>,
  section: string,
  verdict: Cell,
): Row {
  const paired = comparePaired(values, others);
  const shared = [...values.keys()].filter((seed) => others.has(seed));
  const mean = (of: ReadonlyMap<string, number>) =>
    toCell(summarize(shared.map((seed) => of.get(seed)!)), true);
  return {
    header: [displayName(model), displayName(baseline)],
    section,
    ranked: true,
    cells: [
      mean(values),
      mean(others),
      toCell(paired?.difference, true),
      text(String(shared.length)),
      paired === undefined ? missing : text(paired.p === undefined ? '' : formatP(paired.p)),
      verdict,
    ],
  };
}

/** Ten pairs can have p = 0.002, and no smaller one. */
const formatP = (p: number) => (p < 0.001 ? p.toExponential(0) : formatNumber(p));

function judge(comparisons: Comparisons, primary: Primary, valuesOf: ValuesOf, complete: boolean): Cell {
  // Who looks at a verdict while runs are left might stop when it pleases.
  if (!complete) return text('not all runs are done');
  if (!comparisons.verdict || !isSound(comparisons, primary, valuesOf)) return text(tooSmall);
  const paired = comparePaired(valuesOf(primary.model, primary.set), valuesOf(primary.baseline, primary.set));
  return paired === undefined ? missing : text(judgeEffect(paired.difference, primary.effect));
}

const isSamePair = (a: { model: string; baseline: string }, b: { model: string; baseline: string }) =>
  a.model === b.model && a.baseline === b.baseline;

function describe({ primary, sound, verdict }: Comparisons, dataset: string): string[] {
  const lines = [
    'Models and their difference over the seeds that both have; p: exact two-sided sign-flip test, at least 2 / 2^pairs.',
  ];
  if (primary === null) return lines;
  const where = (primary.dataset ?? dataset) === dataset ? '' : `, which is on ${primary.dataset}`;
  lines.push(
    `The verdict is on the primary comparison alone${where}, named before any run: reproduced where the interval lies above 0, not reproduced where it lies below ${primary.effect} (${primary.source}), else undecided. No other p is corrected for their number.`,
  );
  if (!verdict) lines.push('This size of the study is too small for a verdict.');
  if (sound !== undefined) {
    lines.push(
      `Where one of the two models stays below ${sound.at_least} on ${sound.set}, they are too small for an OOD statement.`,
    );
  }
  return lines;
}
