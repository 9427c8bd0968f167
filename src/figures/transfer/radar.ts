import type { TopLevelSpec } from 'vega-lite';
import type { RadarPanel } from '../../analysis/transfer/radar/radar.js';
import { pathLayer } from '../fairness/scatter.js';
import { captionPanel } from '../fairness/words.js';
import type { Figure } from '../figure.js';
import { legendPanel } from '../legend.js';
import { type Axes, type Layer, pointLayer, titleLayer } from '../marks.js';
import { lookOfModels, palette, schema, theme } from '../theme.js';

const rings = [0.25, 0.5, 0.75, 1];
/** Where the names of the spokes begin, in radii, and what they take beside and above, in points. */
const nameAt = 1.1;
const [beside, above] = [36, 14];
const largest = 62;

/** A radar per group of networks: spokes from 0 in the middle to 1, the best; a polygon per level. */
export function drawRadar(
  panels: readonly RadarPanel[],
  polygons: readonly string[],
  by: string | undefined,
): Figure {
  const columns = Math.min(2, panels.length);
  const looks = lookOfModels(polygons);
  const spokes = panels[0]?.spokes ?? [];
  return {
    panels: columns,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        ...(by === undefined
          ? []
          : [
              legendPanel(
                [
                  polygons.map((level, at) => ({
                    kind: 'line' as const,
                    label: `${by} ${level || '(none)'}`,
                    ...looks[at]!,
                  })),
                ],
                (width + 10) * columns,
              ),
            ]),
        {
          concat: panels.map((panel) => drawPanel(panel, polygons, width)),
          columns,
          spacing: { column: 10, row: 10 },
        },
        captionPanel(
          [
            `Spokes from 0 in the middle to 1 at the outer ring, 1 is best: ${spokes.join(', ')}. Means over networks, OOD over their OOD sets${explain(spokes)}.`,
          ],
          (width + 10) * columns - 10,
        ),
      ],
    }),
  };
}

/** What the spokes that are drawn do not say themselves. */
function explain(spokes: readonly string[]): string {
  const words = {
    corrupted: 'mean accuracy on corrupted copies',
    attacked: 'mean accuracy on attacked copies',
    size: 'share of the largest network’s parameters',
  };
  return Object.entries(words)
    .filter(([word]) => spokes.some((name) => name.endsWith(word)))
    .map(([word, meaning]) => `; ${word}: ${meaning}`)
    .join('');
}

function drawPanel(panel: RadarPanel, polygons: readonly string[], width: number) {
  const { spokes, title } = panel;
  const looks = lookOfModels(polygons);
  const radius = Math.max(12, Math.min(largest, (width / 2 - beside) / nameAt));
  const height = 2 * (nameAt * radius + above);
  const scale = (field: string, most: number) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain: [-most, most], nice: false, zero: false },
    axis: null,
  });
  const axes: Axes = { x: scale('x', width / 2 / radius), y: scale('y', height / 2 / radius) };
  const angle = (spoke: number) => Math.PI / 2 - (2 * Math.PI * spoke) / spokes.length;
  const at = (spoke: number, share: number) => ({
    x: share * Math.cos(angle(spoke)),
    y: share * Math.sin(angle(spoke)),
  });
  const round = (share: (spoke: number) => number) =>
    [...spokes.keys(), 0].map((spoke) => at(spoke, share(spoke)));
  const grid = { color: '#CFCFCF', width: 0.5 };
  return {
    width,
    height,
    layer: [
      ...rings.map((ring) =>
        pathLayer(
          round(() => ring),
          axes,
          grid,
        ),
      ),
      ...spokes.map((_, spoke) => pathLayer([at(spoke, 0), at(spoke, 1)], axes, grid)),
      ...panel.polygons.flatMap(({ level, values }): Layer[] => {
        const look = looks[polygons.indexOf(level)]!;
        const path = round((spoke) => values[spoke]!);
        return [
          pathLayer(path, axes, { color: look.color, dash: look.dash, width: 1.3 }),
          pointLayer(path, axes, look, { size: 8 }),
        ];
      }),
      ...spokes.map((name, spoke): Layer => {
        const cosine = Math.cos(angle(spoke));
        const align = Math.abs(cosine) < 0.1 ? 'center' : cosine > 0 ? 'left' : 'right';
        return {
          data: { values: [at(spoke, nameAt)] },
          mark: {
            type: 'text',
            text: name.startsWith('OOD ') ? ['OOD', name.slice(4)] : [name],
            align,
            baseline: 'middle',
            lineHeight: 7,
            fontSize: 6,
            color: palette.black,
          },
          encoding: axes,
        };
      }),
      titleLayer([title], width),
    ],
  };
}
