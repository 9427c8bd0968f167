import type { TopLevelSpec } from 'vega-lite';
import type { LabelFree, LabelFreeMethod } from '../../analysis/transfer/label-free/estimates.js';
import { namePair } from '../../analysis/transfer/records.js';
import { pathLayer } from '../fairness/scatter.js';
import { captionPanel } from '../fairness/words.js';
import type { Figure } from '../figure.js';
import { legendPanel } from '../legend.js';
import { pointLayer, titleLayer } from '../marks.js';
import { lookOfModels, palette, schema, theme } from '../theme.js';
import { domainOf, plainAxes } from './axes.js';

const shown: readonly LabelFreeMethod[] = ['ALine-S', 'ALine-D', 'ATC (confidence)', 'DoC', 'ID accuracy'];
const equal = { color: palette.black, dash: [3, 2], width: 0.8 };

/** Estimates of OOD accuracy that need no labels against what labels say, a panel per pair. */
export function drawLabelFree(pairs: readonly LabelFree[]): Figure {
  const columns = Math.min(3, pairs.length);
  const looks = lookOfModels(shown);
  const used = shown.filter((method) =>
    pairs.some(({ errors }) => errors.some((one) => one.method === method)),
  );
  return {
    panels: columns,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(
          [
            used.map((method) => {
              const { color, shape } = looks[shown.indexOf(method)]!;
              const label = method === 'ID accuracy' ? 'ID accuracy (no estimate)' : method;
              return { kind: 'point' as const, label, color, shape };
            }),
            [{ kind: 'line', label: 'estimate equal to OOD accuracy', ...equal }],
          ],
          (width + 12) * columns,
        ),
        {
          concat: pairs.map((pair, at) => drawPanel(pair, used, { first: at % columns === 0, width })),
          columns,
          spacing: { column: 12, row: 12 },
        },
        captionPanel(['A point is a network; accuracies in percent.'], (width + 12) * columns - 12),
      ],
    }),
  };
}

function drawPanel(
  { pair, networks, estimates, errors }: LabelFree,
  used: readonly LabelFreeMethod[],
  { first, width }: { readonly first: boolean; readonly width: number },
) {
  const looks = lookOfModels(shown);
  const truth = networks.map(({ oodAccuracy }) => 100 * oodAccuracy);
  const series = used
    .filter((method) => errors.some((one) => one.method === method))
    .map((method) => ({ method, values: estimates[method].map((value) => 100 * value) }));
  const [low, high] = domainOf([...truth, ...series.flatMap(({ values }) => values)], 2);
  const domain = [Math.max(0, low), Math.min(100, high)] as const;
  const place = plainAxes([domain, domain], { x: 'OOD accuracy', y: first ? 'estimate' : null }, [5, 5]);
  return {
    width,
    height: Math.min(170, width),
    layer: [
      pathLayer(
        domain.map((both) => ({ x: both, y: both })),
        place(),
        equal,
      ),
      ...series.map(({ method, values }) =>
        pointLayer(
          values.map((y, at) => ({ x: truth[at]!, y })),
          place(),
          looks[shown.indexOf(method)]!,
          { size: 12, opacity: 0.75 },
        ),
      ),
      titleLayer([namePair(pair)], width),
    ],
  };
}
