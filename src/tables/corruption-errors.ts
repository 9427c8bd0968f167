import {
  type CorruptedSets,
  errorAt,
  errorOfKind,
  errorOfSeverity,
  errorsAgainst,
  listCorrupted,
  meanError,
} from '../analysis/corruptions.js';
import { displayName, type HeldOutResults } from '../analysis/held-out.js';
import { summarize } from '../analysis/summary.js';
import { HeldoutError } from '../core/errors.js';
import type { RecordRow } from '../evaluation/predictions.js';
import { toCell } from './held-out.js';
import type { Row, Table } from './table.js';

type Run = ReadonlyMap<string, number>;
type Line = readonly [header: string, read: (run: Run) => number | undefined];

/**
 * Errors on corrupted images, a column per model: by kind, by severity, and in multiples of those of a baseline where
 * `study.corruption_baseline` names one.
 */
export function tabulateCorruptions(
  results: (metric: string) => HeldOutResults,
  rows: readonly RecordRow[],
  dataset: string,
  baseline: string | undefined,
): Omit<Table, 'name'> {
  const of = listCorrupted(rows)!;
  const { find, order } = results(of.metric);
  const models = order.models.filter((model) =>
    order.splits.some((split) => find(dataset, model, split).some((run) => run.size > 0)),
  );
  if (baseline !== undefined && !models.includes(baseline)) throw refuseBaseline(baseline, models);
  const rowsOf = (split: string, set: string): Row[] => {
    const toRow =
      (section: string) =>
      ([header, read]: Line): Row => {
        const cells = models.map((model) =>
          toCell(summarize(find(dataset, model, split).flatMap((run) => read(run) ?? [])), true),
        );
        return { header: [header.replaceAll('_', ' ')], section, ranked: false, cells };
      };
    const place = `${split}: ${set}`;
    const base = baseline === undefined ? [] : find(dataset, baseline, split);
    return [
      ...linesByKind(of, set).map(toRow(`${place}, mean over severities ${of.severities.join(', ')}`)),
      ...linesBySeverity(of, set).map(toRow(`${place}, mean over kinds`)),
      ...(base.length === 0
        ? []
        : linesAgainst(of, set, base).map(toRow(`${place}, in multiples of ${displayName(baseline!)}`))),
    ].filter(({ cells }) => cells.some(({ kind }) => kind !== 'missing'));
  };
  const what = of.metric.endsWith('accuracy') ? 'Share of wrong answers' : 'Mean squared error';
  const related =
    baseline === undefined
      ? []
      : [
          'In multiples: the sum of the errors over severities, divided by that of the baseline (the mean of its runs), mean over kinds; beyond clean: the same of what errors have beyond those on the images as they are.',
        ];
  return {
    title: `Errors on corrupted images of ${dataset}`,
    caption: [
      `${what} on images that are corrupted as those of ImageNet-C (Hendrycks and Dietterich 2019), mean over runs. The mean corruption error is the mean over kinds and severities, not normalised; clean: the same images as they are.`,
      ...related,
    ],
    stub: ['corruption'],
    columns: models.map((model) => ({ label: displayName(model) })),
    rows: order.splits.flatMap((split) => of.sets.flatMap((set) => rowsOf(split, set))),
  };
}

function linesByKind(of: CorruptedSets, set: string): Line[] {
  return [
    ['clean', (run) => errorAt(of, run, set, '', 0)],
    ...of.kinds.map((kind): Line => [kind, (run) => errorOfKind(of, run, set, kind)]),
    ['mean corruption error', (run) => meanError(of, run, set)],
  ];
}

function linesBySeverity(of: CorruptedSets, set: string): Line[] {
  return of.severities.map((severity) => [
    `severity ${severity}`,
    (run) => errorOfSeverity(of, run, set, severity),
  ]);
}

function linesAgainst(of: CorruptedSets, set: string, baseline: readonly Run[]): Line[] {
  const against = (run: Run) => errorsAgainst(of, run, baseline, set);
  return [
    ...of.kinds.map(
      (kind): Line => [kind, (run) => against(run).kinds.find((one) => one.kind === kind)?.corruption],
    ),
    ['mean corruption error', (run) => against(run).corruption],
    ['mean corruption error beyond clean', (run) => against(run).relative],
  ];
}

function refuseBaseline(baseline: string, models: readonly string[]): HeldoutError {
  return new HeldoutError({
    code: 'E_TABLE_BASELINE',
    message: `no run on corrupted images is of the baseline '${baseline}'`,
    place: 'study.corruption_baseline',
    hints: [`use one of: ${models.join(', ')}`],
  });
}
