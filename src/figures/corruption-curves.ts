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

/** Error against severity, a panel per kind, a line per model: mean over runs with its 95 % interval. */
export function drawCorruptionCurves(
  curves: readonly CorruptionCurve[],
  { error, note }: { readonly error: string; readonly note: string },
): Figure {
  const models = [...new Set(curves.map(({ model }) => model))];
  const kinds = [...new Set(curves.map(({ kind }) => kind))];
  const looks = lookOfModels(models);
  const most = Math.max(...curves.flatMap(({ points }) => points.map((point) => endsOf(point.error)[1])));
  const domain = [0, most > 0 ? 1.04 * most : 1] as const;
  const legend: LegendEntry[][] = [
    models.map((model, at) => ({ kind: 'line', label: displayName(model), ...looks[at]! })),
    [{ kind: 'line', label: note, color: palette.grey }],
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
        scale: { domain: [...domain], nice: false },
        axis: { title: left ? error : null, labels: left, tickCount: 4 },
      },
    });
    const layers = models.flatMap((model, at): Layer[] => {
      const own = curves.find((curve) => curve.model === model && curve.kind === kind);
      if (own === undefined) return [];
      const points = own.points.map((point) => {
        const [low, high] = endsOf(point.error);
        return { x: point.severity, y: point.error.mean, low: Math.max(0, low), high };
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
    return { width, height: 62, layer: [titleLayer(kind, width), ...layers] };
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
