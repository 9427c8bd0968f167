import { errorAt, errorOfSeverity, listCorrupted } from '../../analysis/corruptions.js';
import { fileSuffixes } from '../../analysis/file-names.js';
import { collectResults } from '../../analysis/held-out.js';
import { summarize } from '../../analysis/summary.js';
import { type CorruptionCurve, drawCorruptionCurves } from '../../figures/corruption-curves.js';
import { renderSvg } from '../../figures/render.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import type { FigureInputs } from './figure-inputs.js';

/** Error against severity on the images of a dataset: a figure for each of its splits and sets. */
export async function drawCorruptions(
  { study: { records, order } }: FigureInputs,
  jobs: readonly PlannedJob[],
): Promise<readonly (readonly [suffix: string, svg: string])[]> {
  const dataset = jobs[0]?.labels.dataset ?? '';
  const own = records.filter(({ labels }) => labels.dataset === dataset);
  const of = listCorrupted(own.flatMap(({ rows }) => rows));
  if (of === undefined) return [];
  const { find } = collectResults(own, of.metric, order);
  const curvesOf = (split: string, set: string): CorruptionCurve[] =>
    order.models.flatMap((model) => {
      const runs = find(dataset, model, split);
      const curve = (
        kind: string,
        read: (run: (typeof runs)[number], severity: number) => number | undefined,
      ) => {
        const points = [0, ...of.severities].flatMap((severity) => {
          const error = summarize(runs.flatMap((run) => read(run, severity) ?? []));
          return error === undefined ? [] : [{ severity, error }];
        });
        return points.some(({ severity }) => severity > 0) ? [{ model, kind, points }] : [];
      };
      return [
        ...of.kinds.flatMap((kind) =>
          curve(nameKind(kind), (run, severity) => errorAt(of, run, set, kind, severity)),
        ),
        ...curve('all kinds', (run, severity) =>
          severity === 0 ? errorAt(of, run, set, '', 0) : errorOfSeverity(of, run, set, severity),
        ),
      ];
    });
  const drawn = order.splits
    .flatMap((split) => of.sets.map((set) => ({ split, set, curves: curvesOf(split, set) })))
    .filter(({ curves }) => curves.length > 0);
  const nameOf = ({ split, set }: { readonly split: string; readonly set: string }) => `${split}, ${set}`;
  const suffixes = fileSuffixes(drawn.map(nameOf));
  const looks = of.metric.endsWith('accuracy')
    ? { error: 'error', limit: 1 }
    : { error: 'mean squared error', limit: Number.POSITIVE_INFINITY };
  return Promise.all(
    drawn.map(async (one) => {
      const notes = [
        `${nameOf(one)}; severity 0: images as they are`,
        'mean over runs; upright strokes: its 95 % interval',
      ];
      const svg = await renderSvg(drawCorruptionCurves(one.curves, { ...looks, notes }));
      return [suffixes.get(nameOf(one))!, svg] as const;
    }),
  );
}

/** As it fits above a panel. */
function nameKind(kind: string): string {
  return kind.replace('_compression', '').replace('_transform', '').replaceAll('_', ' ');
}
