import { quantileSorted } from 'simple-statistics';
import type { TopLevelSpec } from 'vega-lite';
import type { HeadsPlane } from '../../analysis/fairness/study/pictures/plane.js';
import { wrapText } from '../drawing.js';
import type { Figure } from '../figure.js';
import { type LegendEntry, legendPanel } from '../legend.js';
import { type Axes, type Layer, lineLayer, pointLayer, titleLayer } from '../marks.js';
import { palette, schema, theme } from '../theme.js';
import type { Domain } from './scatter.js';
import { captionPanel, type PeopleNames, spell, wrapTitle } from './words.js';

export interface PlaneFigure extends HeadsPlane {
  readonly names: PeopleNames;
}

const height = 175;
const decisions = [
  { decision: 0, label: 'negative', color: palette.orange, shape: 'triangle-down', size: 9 },
  { decision: 1, label: 'positive', color: palette.blue, shape: 'circle', size: 8 },
] as const;
const fittedLook = { color: palette.black, dash: [1, 0] };
const ownLook = { color: palette.black, dash: [2, 2] };

/**
 * Whom a fair net decides for, in the plane of the two heads of another net: a panel per group, a mark per person, and
 * the line that was fitted to the fair decisions (claim C1). What lies beyond the middle 99 % of either axis is left out.
 */
export function drawTwoHeadsPlane(plane: PlaneFigure): Figure {
  const { names, line, strength, seed, people, agreement } = plane;
  const x = middleOf(plane.g);
  const y = middleOf(plane.f);
  const inside = Array.from(plane.g.keys()).filter(
    (i) => isWithin(plane.g[i]!, x) && isWithin(plane.f[i]!, y),
  );
  const legend: LegendEntry[][] = [
    decisions.map(({ label, color, shape }) => ({
      kind: 'point',
      label: `${label} decision of the fair net, λ = ${strength}`,
      ...{ color, shape },
    })),
    [
      ...(line === undefined
        ? []
        : [
            {
              kind: 'line' as const,
              label: `f ${signed(line.b)} g ${signed(line.c)} = 0, fitted to these decisions on validation`,
              ...fittedLook,
            },
          ]),
      { kind: 'line', label: 'f = 0', ...ownLook },
    ],
  ];
  const caption = [
    `Seed ${seed}: ${inside.length.toLocaleString('en-US')} of ${people.toLocaleString('en-US')} test people, drawn at random, by the two heads of a net that no regulariser drew to parity; those beyond the middle 99 % of an axis are left out.`,
    `The line decides as the fair net does about ${(100 * agreement).toFixed(1)} % of all test people.`,
  ];
  return {
    panels: 2,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(legend, 2 * width + 10),
        {
          spacing: 10,
          hconcat: names.groups.map((group, a) => {
            const place = makeAxes(names, [x, y], { first: a === 0, width });
            const own = inside.filter((i) => plane.a[i] === a);
            return {
              width,
              height,
              layer: [
                ...decisions.map((look) =>
                  pointLayer(
                    own
                      .filter((i) => plane.positive[i] === look.decision)
                      .map((i) => ({ x: plane.g[i]!, y: plane.f[i]! })),
                    place,
                    look,
                    // Thousands of marks read out would be of no use.
                    { size: look.size, opacity: 0.55, aria: false },
                  ),
                ),
                ...drawLine({ b: 0, c: 0 }, [x, y], place, ownLook),
                ...(line === undefined ? [] : drawLine(line, [x, y], place, fittedLook)),
                titleLayer(wrapText(`${spell(names.protected)}: ${group}`, 0.85 * width, 8), width),
              ],
            };
          }),
        },
        captionPanel(caption, 2 * width + 10),
      ],
    }),
  };
}

/** The part of f = −b g − c that lies in the panel. */
function drawLine(
  { b, c }: { readonly b: number; readonly c: number },
  [ofX, ofY]: readonly [Domain, Domain],
  place: Axes,
  look: typeof fittedLook,
): Layer[] {
  const ends = Array.from({ length: 201 }, (_, step) => ofX[0] + ((ofX[1] - ofX[0]) * step) / 200)
    .map((x) => ({ x, y: 0 - b * x - c }))
    .filter(({ y }) => isWithin(y, ofY));
  return ends.length < 2 ? [] : [lineLayer([ends[0]!, ends.at(-1)!], place, look, 1.2)];
}

function makeAxes(
  { target, levels: [, positive], groups }: PeopleNames,
  [x, y]: readonly [Domain, Domain],
  { first, width }: { readonly first: boolean; readonly width: number },
): Axes {
  const ofTarget = wrapTitle(['target head f', `(above 0: ${spell(target)} = ${positive})`], height);
  return {
    x: {
      field: 'x',
      type: 'quantitative',
      scale: { domain: [...x], nice: false, zero: false },
      axis: {
        tickCount: 5,
        title: wrapTitle(['group head g less its threshold', `(above 0: ${groups[1]})`], width),
      },
    },
    y: {
      field: 'y',
      type: 'quantitative',
      scale: { domain: [...y], nice: false, zero: false },
      axis: {
        tickCount: 6,
        labels: first,
        title: first ? ofTarget : null,
      },
    },
  };
}

/** From the 0.5 % to the 99.5 % quantile, with the threshold. */
function middleOf(values: Float64Array): Domain {
  const sorted = Array.from(values).sort((p, q) => p - q);
  const [low, high] = [
    Math.min(0, quantileSorted(sorted, 0.005)),
    Math.max(0, quantileSorted(sorted, 0.995)),
  ];
  const edge = 0.03 * (high - low || 1);
  return [low - edge, high + edge];
}

function isWithin(value: number, [low, high]: Domain): boolean {
  return value >= low && value <= high;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'} ${Math.abs(value).toFixed(2)}`;
}
