import type { TopLevelSpec } from 'vega-lite';
import type { MetricTransfer } from '../../analysis/transfer/metric-transfer/metric-transfer.js';
import { metricName } from '../../tables/transfer/cells.js';
import { captionPanel } from '../fairness/words.js';
import type { Figure } from '../figure.js';
import { type Layer, pointLayer, ruleLayer } from '../marks.js';
import { palette, schema, theme } from '../theme.js';
import { drawLabels } from './factor-loadings.js';

const rowHeight = 15;

/** Box plots over pairs of the correlation of each metric on ID with itself on OOD, the best above. */
export function drawMetricTransfer(metrics: readonly MetricTransfer[]): Figure {
  const height = metrics.length * rowHeight;
  const x = {
    type: 'quantitative' as const,
    scale: { domain: [-1.03, 1.03], nice: false, zero: false },
    axis: {
      title: 'Spearman’s correlation of the metric on ID and on OOD sets',
      values: [-1, -0.5, 0, 0.5, 1],
      grid: true,
    },
  };
  const y = {
    type: 'quantitative' as const,
    scale: { domain: [metrics.length, 0], nice: false },
    axis: null,
  };
  const place = (fieldX: string, fieldY = 'y') => ({
    x: { field: fieldX, ...x },
    y: { field: fieldY, ...y },
  });
  const look = { color: palette.black, dash: [1, 0] };
  const boxes = metrics.map(({ spread }, row) => ({
    ...{ least: spread.least, low: spread.low, median: spread.median, high: spread.high, most: spread.most },
    ...{ y: row + 0.5, top: row + 0.18, bottom: row + 0.82 },
  }));
  const pairs = metrics.flatMap(({ pairs: own }, row) => {
    const known = own.filter(({ spearman }) => Number.isFinite(spearman));
    // Side by side in a fixed order, so that equal values are not one mark.
    return known.map(({ spearman }, at) => ({
      x: spearman,
      y: row + 0.5 + (known.length > 1 ? 0.4 * (at / (known.length - 1) - 0.5) : 0),
    }));
  });
  const box: Layer = {
    data: { values: boxes },
    mark: { type: 'rect', color: palette.sky, opacity: 0.5 },
    encoding: { ...place('low', 'top'), x2: { field: 'high' }, y2: { field: 'bottom' } },
  };
  const count = Math.max(...metrics.map(({ spread }) => spread.n));
  return {
    panels: 1,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        {
          width,
          height,
          layer: [
            ruleLayer(boxes, place('least'), { x2: 'most' }, look, 0.7),
            box,
            pointLayer(
              pairs,
              place('x'),
              { color: palette.blue, shape: 'circle' },
              { size: 9, opacity: 0.7 },
            ),
            ruleLayer(boxes, place('median', 'top'), { y2: 'bottom' }, look, 1.4),
            ...drawLabels(
              metrics.map(({ metric }) => metricName(metric)),
              rowHeight,
            ),
          ],
        },
        captionPanel(
          [
            `Points: pairs of sets (${count}), each over its networks; boxes: quartiles; lines: from the least to the most.`,
          ],
          width,
        ),
      ],
    }),
  };
}
