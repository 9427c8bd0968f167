import type { TopLevelSpec } from 'vega-lite';
import type { CurvePoint, TradeOffCurves } from '../../analysis/fairness/study/pictures/curves.js';
import type { Method } from '../../analysis/fairness/study/trade-offs/methods.js';
import type { Summary } from '../../analysis/summary.js';
import type { Figure } from '../figure.js';
import { type LegendEntry, legendPanel } from '../legend.js';
import { type Layer, pointLayer } from '../marks.js';
import { palette, schema, theme } from '../theme.js';
import { methodLooks } from './looks.js';
import {
  crossLayers,
  type Domain,
  findFall,
  fitDomain,
  isCut,
  labelLayers,
  levelLayer,
  makePlace,
  pathLayer,
} from './scatter.js';
import { captionPanel, describeSeeds, gapTitle, type PeopleNames } from './words.js';

/** Drawn over each other in this order; one threshold for everybody is left to the table. */
export const drawnMethods: readonly Method[] = [
  'thresholds of true groups',
  'thresholds of predicted groups',
  'two heads',
  'two heads, f > 0',
  'two heads, certified',
  'exponentiated gradient',
  'adversarial',
  'reweighed',
  'regularised',
  'unconstrained',
  'constant',
];

export interface TradeOffFigure extends TradeOffCurves {
  readonly names: PeopleNames;
  readonly seeds: readonly string[];
  /** Gap of the labels themselves. */
  readonly labels: Summary | undefined;
}

const frontLook = { color: palette.black, dash: [1, 0], width: 0.8 };
const labelsLook = { color: palette.black, dash: [1, 2] };

/** The part of the figure that one axis of accuracy shows. */
interface Part {
  readonly curves: TradeOffFigure['curves'];
  readonly domain: Domain;
  readonly height: number;
}

/**
 * Accuracy against signed gap at test (Lohaus et al. 2022): every setting of every method that was chosen on validation,
 * as the mean over seeds with its interval on both axes; the front on validation as a staircase; and the gap that the
 * labels have. What is far less accurate than all else stands in a low panel of its own.
 */
export function drawAccuracyAgainstGap(given: TradeOffFigure): Figure {
  // One point makes no line.
  const study = given.front.length > 1 ? given : { ...given, front: [] };
  const { curves, front, labels, names } = study;
  const all = curves.flatMap(({ points }) => points);
  const gaps = fitDomain(
    all.map(({ ddp }) => ddp),
    [0, ...(labels === undefined ? [] : [labels.mean])],
  );
  const parts = listParts(curves);
  return {
    panels: 1,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(listLegend(study), width),
        ...parts.map((part, at) => {
          const { height, domain } = part;
          const domains: [Domain, Domain] = [gaps, domain];
          const place = makePlace(
            domains,
            {
              x: at === parts.length - 1 ? gapTitle(names, width) : [],
              y: at === 0 ? ['accuracy at test'] : [],
            },
            [8, Math.max(2, Math.round(height / 38))],
          );
          const onFront = at === 0 ? front.map(toMean) : [];
          return {
            width,
            height,
            layer: [
              ...(labels === undefined ? [] : [levelLayer('x', labels.mean, place(), labelsLook)]),
              pathLayer(onFront, place(), { ...frontLook, stairs: true }),
              ...part.curves.flatMap(({ method, points }) => drawMethod(method, points, place, domains)),
              ...labelStrengths(part.curves, domains, { width, height }),
            ],
          };
        }),
        captionPanel(listSentences(study, parts, gaps), width),
      ],
    }),
  };
}

function listParts(curves: TradeOffFigure['curves']): Part[] {
  const all = curves.flatMap(({ points }) => points);
  const fall = findFall(all.map(({ accuracy }) => accuracy.mean));
  const partOf = (height: number, belongs: (point: CurvePoint) => boolean): Part => {
    const own = curves.map(({ method, points }) => ({ method, points: points.filter(belongs) }));
    const shown = own.flatMap(({ points }) => points);
    const [low, high] = fitDomain(shown.map(({ accuracy }) => accuracy));
    // Room for half a mark at either edge.
    const edge = (5 / height) * (high - low);
    return { curves: own, height, domain: [low - edge, high + edge] };
  };
  return fall === undefined
    ? [partOf(235, () => true)]
    : [
        partOf(205, ({ accuracy }) => accuracy.mean > fall),
        partOf(38, ({ accuracy }) => accuracy.mean <= fall),
      ];
}

function listSentences({ front, seeds }: TradeOffFigure, parts: readonly Part[], gaps: Domain): string[] {
  const cut = parts.some(({ curves, domain }) =>
    curves.some(({ points }) =>
      points.some(({ ddp, accuracy }) => isCut([ddp], gaps) || isCut([accuracy], domain)),
    ),
  );
  const fewer = parts.some(({ curves }) =>
    curves.some(({ points }) => points.some(({ accuracy }) => accuracy.n < seeds.length)),
  );
  return [
    'Every setting is chosen on the validation set of its seed and drawn at its test values.',
    describeSeeds(seeds, 'crosses'),
    ...(fewer ? ['A setting that some seeds do not meet on validation is the mean of those that do.'] : []),
    ...(cut ? ['Intervals that reach beyond the axes are cut.'] : []),
    ...(parts.length > 1 ? ['Lower panel: what is far less accurate, on a scale of its own.'] : []),
    ...(front.length === 0
      ? []
      : [
          'Front: settings of which no other is as accurate and as fair on validation, among what decides without anybody’s group; constant left out.',
        ]),
  ];
}

function drawMethod(
  method: Method,
  points: readonly CurvePoint[],
  place: ReturnType<typeof makePlace>,
  domains: readonly [Domain, Domain],
): Layer[] {
  const { color, shape, size } = methodLooks[method]!;
  const crossed = points.map(({ ddp, accuracy }) => ({ x: ddp, y: accuracy }));
  return [
    ...crossLayers(crossed, place, color, domains),
    ...(method === 'two heads' ? [pathLayer(points.map(toMean), place(), { color, width: 1.1 })] : []),
    pointLayer(points.map(toMean), place(), { color, shape }, { size }),
  ];
}

const toMean = ({ ddp, accuracy }: CurvePoint) => ({ x: ddp.mean, y: accuracy.mean });

/** What the regulariser's strength is, beside its marks. */
function labelStrengths(
  curves: TradeOffFigure['curves'],
  domains: readonly [Domain, Domain],
  panel: { readonly width: number; readonly height: number },
): Layer[] {
  const marks = curves.flatMap(({ method, points }) =>
    method === 'regularised' ? points.map((point) => ({ ...toMean(point), text: point.setting })) : [],
  );
  const others = curves.flatMap(({ method, points }) => (method === 'regularised' ? [] : points.map(toMean)));
  return labelLayers(marks, others, domains, panel, 6);
}

function listLegend({ curves, front, labels }: TradeOffFigure): LegendEntry[][] {
  const shown = curves.flatMap(({ method }) => {
    const look = methodLooks[method];
    if (look === undefined) return [];
    const joined = method === 'two heads';
    const label = joined ? 'two heads, joined by slack' : look.label;
    return [{ kind: joined ? ('line' as const) : ('point' as const), ...look, label }];
  });
  return [
    shown,
    [
      ...(front.length === 0 ? [] : [{ kind: 'line' as const, label: 'front on validation', ...frontLook }]),
      ...(labels === undefined ? [] : [{ kind: 'line' as const, label: 'DDP of the labels', ...labelsLook }]),
    ],
  ];
}
