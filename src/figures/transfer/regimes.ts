import type { TopLevelSpec } from 'vega-lite';
import type { AnalysedPair } from '../../analysis/transfer/analyse.js';
import { namePair } from '../../analysis/transfer/records.js';
import { describeRegimes, regimes } from '../../analysis/transfer/regimes/regime.js';
import { labelLayers } from '../fairness/scatter.js';
import { captionPanel } from '../fairness/words.js';
import type { Figure } from '../figure.js';
import { legendPanel } from '../legend.js';
import { pointLayer } from '../marks.js';
import { lookOfModels, schema, theme } from '../theme.js';
import { plainAxes } from './axes.js';

/** More pairs than this stand without their names. */
const mostNamed = 14;

/** Every pair by how far its networks are spread on either set, with the label of its shape. */
export function drawRegimes(pairs: readonly AnalysedPair[]): Figure {
  const looks = lookOfModels(regimes);
  const used = regimes.filter((regime) => pairs.some((one) => one.regime.regime === regime));
  const marks = pairs.map(({ pair, regime }) => ({
    regime: regime.regime,
    text: namePair(pair),
    x: regime.idRange,
    y: regime.oodRange,
  }));
  const most = (of: (mark: (typeof marks)[number]) => number) => 1.08 * Math.max(5, ...marks.map(of));
  const domains = [[0, most(({ x }) => x)] as const, [0, most(({ y }) => y)] as const] as const;
  const place = plainAxes(domains, {
    x: 'quartile range of ID accuracy, points',
    y: 'quartile range of OOD accuracy, points',
  });
  const height = 200;
  return {
    panels: 1,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(
          [
            used.map((regime) => {
              const { color, shape } = looks[regimes.indexOf(regime)]!;
              return { kind: 'point' as const, label: regime, color, shape };
            }),
          ],
          width,
        ),
        {
          width,
          height,
          layer: [
            ...used.map((regime) =>
              pointLayer(
                marks.filter((mark) => mark.regime === regime).map(({ x, y }) => ({ x, y })),
                place(),
                looks[regimes.indexOf(regime)]!,
                { size: 26, opacity: 0.85 },
              ),
            ),
            ...(marks.length <= mostNamed ? labelLayers(marks, marks, domains, { width, height }) : []),
          ],
        },
        captionPanel([describeRegimes()], width),
      ],
    }),
  };
}
