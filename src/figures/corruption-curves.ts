import type { TopLevelSpec } from 'vega-lite';
import { displayName } from '../analysis/held-out.js';
import type { Summary } from '../analysis/summary.js';
import type { Figure } from './figure.js';
import { type LegendEntry, legendPanel } from './legend.js';
import { type Layer, lineLayer, pointLayer, ruleLayer, titleLayer } from './marks.js';
import { lookOfModels, palette, schema, theme } from './theme.js';

/** Errors of a model on images corrupted in one way; severity 0 are the images as they are. */
export interface CorruptionCurve {
  readonly model: string;
  /** As a panel is called. */
  readonly kind: string;
  readonly points: readonly { readonly severity: number; readonly error: Summary }[];
}

const columns = 5;

/**
 * Error against severity, a panel per kind, a line per model: mean over runs with its 95 % interval.
 * @param labels What the error is called, what lines below the models say, and the largest error that there can be.
 */
export function drawCorruptionCurves(
  curves: readonly CorruptionCurve[],
  labels: { readonly error: string; readonly notes: readonly string[]; readonly limit: number },
): Figure {
  const { error, notes, limit } = labels;
  const models = [...new Set(curves.map(({ model }) => model))];
  const kinds = [...new Set(curves.map(({ kind }) => kind))];
  const looks = lookOfModels(models);
  const highest = Math.max(...curves.flatMap(({ points }) => points.map((point) => endsOf(point.error)[1])));
  const most = Math.min(limit, highest > 0 ? 1.04 * highest : 1);
  const legend: LegendEntry[][] = [
    models.map((model, at) => ({ kind: 'line', label: displayName(model), ...looks[at]! })),
    ...notes.map((label): LegendEntry[] => [{ kind: 'line', label, color: palette.grey }]),
  ];
  const side = Math.min(columns, kinds.length);
  const rows = Array.from({ length: Math.ceil(kinds.length / side) }, (_, row) =>
    kinds.slice(row * side, (row + 1) * side),
  );
  const panel = (kind: string, width: number, { left, below }: { left: boolean; below: boolean }) => {
    const x = axisOfSeverity(below);
    const y = (field: string) => ({
      x,
      y: {
        field,
        type: 'quantitative' as const,
        scale: { domain: [0, most], nice: false },
        axis: { title: left ? error : null, labels: left, tickCount: 4 },
      },
    });
    const layers = models.flatMap((model, at): Layer[] => {
      const own = curves.find((curve) => curve.model === model && curve.kind === kind);
      if (own === undefined) return [];
      const points = own.points.map((point) => {
        const [low, high] = endsOf(point.error);
        return { x: point.severity, y: point.error.mean, low: Math.max(0, low), high: Math.min(most, high) };
      });
      return [
        ruleLayer(
          points.filter(({ low, high }) => high > low),
          y('low'),
          { y2: 'high' },
          { color: looks[at]!.color, dash: [1, 0] },
          0.9,
          0.4,
        ),
        lineLayer(points, y('y'), looks[at]!),
        pointLayer(points, y('y'), looks[at]!, { size: 9 }),
      ];
    });
    return { width, height: 62, layer: [titleLayer(kind.split(' '), width), ...layers] };
  };
  return {
    panels: side,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 8,
      vconcat: [
        legendPanel(legend, (width + 8) * side),
        ...rows.map((row, at) => ({
          spacing: 8,
          hconcat: row.map((kind, column) =>
            panel(kind, width, { left: column === 0, below: rows[at + 1]?.[column] === undefined }),
          ),
        })),
      ],
    }),
  };
}

function endsOf({ mean, halfWidth = 0 }: Summary): readonly [low: number, high: number] {
  return [mean - halfWidth, mean + halfWidth];
}

function axisOfSeverity(labels: boolean) {
  return {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [-0.2, 5.2], nice: false },
    axis: { title: labels ? 'severity' : null, labels, values: [0, 1, 2, 3, 4, 5], format: 'd', grid: false },
  };
}
