import type { Figure } from '../../src/figures/figure.js';
import { palette, schema, theme } from '../../src/figures/theme.js';

/** How long something took for each number of things. */
export interface ScalingPoint {
  readonly count: number;
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Times by numbers on axes of powers, beside what n log n would take that goes through the middle point. */
export function drawScaling(points: readonly ScalingPoint[], what: string, unit: string): Figure {
  const middle = points[Math.floor(points.length / 2)]!;
  const per = middle.median / (middle.count * Math.log2(middle.count));
  const law = points.map(({ count }) => ({ count, time: per * count * Math.log2(count) }));
  const axis = { tickCount: 6, format: '~s' } as const;
  const x = {
    field: 'count',
    type: 'quantitative',
    scale: { type: 'log', nice: false },
    axis: { ...axis, title: 'people, n' },
  } as const;
  const y = (field: string) =>
    ({
      field,
      type: 'quantitative',
      scale: { type: 'log', nice: false },
      axis: { ...axis, title: `${what}, ${unit}` },
    }) as const;
  return {
    panels: 1,
    specify: (width) => ({
      $schema: schema,
      config: theme,
      width,
      height: 150,
      title: 'points: medians; strokes: ranges; dashed: n log n through the middle',
      layer: [
        {
          data: { values: law },
          mark: { type: 'line', strokeDash: [3, 2], color: palette.grey },
          encoding: { x, y: y('time') },
        },
        {
          data: { values: [...points] },
          mark: { type: 'rule', color: palette.blue },
          encoding: { x, y: y('minimum'), y2: { field: 'maximum' } },
        },
        {
          data: { values: [...points] },
          mark: { type: 'point', filled: true, size: 30, color: palette.blue, opacity: 1 },
          encoding: { x, y: y('median') },
        },
      ],
    }),
  };
}
