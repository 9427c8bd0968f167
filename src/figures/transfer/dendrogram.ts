import type { TopLevelSpec } from 'vega-lite';
import type { Merge } from '../../analysis/transfer/clustering/linkage.js';
import { pathLayer } from '../fairness/scatter.js';
import { captionPanel } from '../fairness/words.js';
import type { Figure } from '../figure.js';
import type { Layer } from '../marks.js';
import { lookOfModels, palette, schema, theme } from '../theme.js';
import { drawLabels } from './factor-loadings.js';

export interface Dendrogram {
  readonly names: readonly string[];
  readonly merges: readonly Merge[];
  readonly order: readonly number[];
  /** A cluster per leaf, which gives it a colour; none for all black. */
  readonly labels?: readonly number[];
  readonly axis: string;
  readonly caption: readonly string[];
}

/** A tree from the right to the leaves at the left, each with its name. */
export function drawDendrogram({ names, merges, order, labels, axis, caption }: Dendrogram): Figure {
  const n = names.length;
  const rowHeight = n > 60 ? 6.5 : 10;
  const height = n * rowHeight;
  const top = Math.max(...merges.map((merge) => merge.height), 1e-9);
  const clusters = labels === undefined ? [] : [...new Set(order.map((leaf) => labels[leaf]!))];
  const looks = lookOfModels(clusters.map(String));
  const brackets = traceBrackets(merges, order, n);
  const x = {
    field: 'x',
    type: 'quantitative' as const,
    scale: { domain: [0, 1.03 * top], nice: false },
    axis: { title: axis, tickCount: 6, grid: false },
  };
  const y = {
    field: 'y',
    type: 'quantitative' as const,
    scale: { domain: [n, 0], nice: false },
    axis: null,
  };
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
            ...brackets.map((path) => pathLayer(path, { x, y }, { color: palette.black, width: 0.8 })),
            ...drawLabels(
              order.map((leaf) => names[leaf]!),
              rowHeight,
            ),
            ...(labels === undefined
              ? []
              : clusters.map((cluster, at): Layer => {
                  const own = order.flatMap((leaf, row) => (labels[leaf] === cluster ? [row] : []));
                  const { color, shape } = looks[at]!;
                  return {
                    data: { values: own.map((row) => ({ x: 0, y: row + 0.5 })) },
                    mark: { type: 'point', filled: true, opacity: 1, size: 18, color, shape },
                    encoding: { x, y },
                  };
                })),
          ],
        },
        captionPanel(caption, width),
      ],
    }),
  };
}

/** The three strokes of every merge: from either branch to its height and across. */
function traceBrackets(
  merges: readonly Merge[],
  order: readonly number[],
  n: number,
): { readonly x: number; readonly y: number }[][] {
  const places = new Map(order.map((leaf, row) => [leaf, { x: 0, y: row + 0.5 }]));
  return merges.map(({ a, b, height }, at) => {
    const [one, other] = [places.get(a)!, places.get(b)!];
    places.set(n + at, { x: height, y: (one.y + other.y) / 2 });
    return [one, { x: height, y: one.y }, { x: height, y: other.y }, other];
  });
}
