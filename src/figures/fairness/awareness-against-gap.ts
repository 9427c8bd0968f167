import type { TopLevelSpec } from 'vega-lite';
import type { Awareness, AwarenessPoint } from '../../analysis/fairness/study/pictures/awareness.js';
import type { Summary } from '../../analysis/summary.js';
import type { Figure } from '../figure.js';
import { type LegendEntry, legendPanel } from '../legend.js';
import { pointLayer } from '../marks.js';
import { palette, schema, theme } from '../theme.js';
import { methodLooks } from './looks.js';
import { crossLayers, type Domain, fitDomain, isCut, labelLayers, levelLayer, makePlace } from './scatter.js';
import { captionPanel, describeSeeds, gapTitle, type PeopleNames, spell, wrapTitle } from './words.js';

export interface AwarenessFigure extends Awareness {
  readonly names: PeopleNames;
  readonly seeds: readonly string[];
  /** Gap of the labels themselves. */
  readonly labels: Summary | undefined;
}

const height = 190;
const labelsLook = { color: palette.black, dash: [1, 2] };
const baselineLooks: Readonly<Record<string, { color: string; dash: readonly number[]; label: string }>> = {
  majority: { color: palette.grey, dash: [1, 0], label: 'always the largest group' },
  'random-initialisation': { color: palette.green, dash: [5, 2], label: 'probe of the net before training' },
  'raw-inputs': { color: palette.purple, dash: [6, 1.5, 1.5, 1.5], label: 'probe of the inputs' },
};

/**
 * How well a converged linear probe tells groups from the last hidden layer, against the signed gap of the net, a mark
 * per strength of the regulariser (Lohaus et al. 2022, figure 2): means over seeds with intervals on both axes.
 */
export function drawAwarenessAgainstGap(study: AwarenessFigure): Figure {
  const { points, baselines, labels, names, seeds } = study;
  const levels = [...baselines].filter(([name]) => baselineLooks[name] !== undefined);
  const domains: [Domain, Domain] = [
    fitDomain(
      points.map(({ ddp }) => ddp),
      [0, ...(labels === undefined ? [] : [labels.mean])],
    ),
    fitDomain(
      points.map(({ accuracy }) => accuracy),
      levels.map(([, { mean }]) => mean),
    ),
  ];
  const cut = points.some(({ ddp, accuracy }) => isCut([ddp], domains[0]) || isCut([accuracy], domains[1]));
  const caption = [
    `A logistic regression reads ${spell(names.protected)} from the last hidden layer, trained to convergence, its penalty chosen on validation.`,
    describeSeeds(seeds, 'crosses'),
    ...(cut ? ['Intervals that reach beyond the axes are cut.'] : []),
    ...(levels.length === 0 ? [] : ['Level lines: what the accuracy is to be compared with.']),
  ];
  return {
    panels: 1,
    specify: (width): TopLevelSpec => {
      const y = wrapTitle(['accuracy of the probe', `for ${spell(names.protected)} at test`], height);
      const place = makePlace(domains, { x: gapTitle(names, width), y });
      const groups = [
        { look: methodLooks.regularised!, own: points.filter(({ strength }) => strength !== 0) },
        { look: methodLooks.unconstrained!, own: points.filter(({ strength }) => strength === 0) },
      ];
      const marks = points.map((point) => ({
        ...toMean(point),
        text: point.strength === 0 ? '' : `λ = ${point.strength}`,
      }));
      return {
        $schema: schema,
        config: theme,
        spacing: 6,
        vconcat: [
          legendPanel(listLegend(study), width),
          {
            width,
            height,
            layer: [
              ...(labels === undefined ? [] : [levelLayer('x', labels.mean, place(), labelsLook)]),
              ...levels.map(([name, { mean }]) => levelLayer('y', mean, place(), baselineLooks[name]!)),
              ...groups.flatMap(({ look, own }) => [
                ...crossLayers(own.map(toCrossed), place, look.color, domains),
                pointLayer(own.map(toMean), place(), look, { size: look.size }),
              ]),
              ...labelLayers(
                marks.filter(({ text }) => text !== ''),
                [
                  ...marks.filter(({ text }) => text === ''),
                  ...levels.flatMap(([, { mean }]) => spread(domains[0], mean)),
                ],
                domains,
                { width, height },
              ),
            ],
          },
          captionPanel(caption, width),
        ],
      };
    },
  };
}

const toCrossed = ({ ddp, accuracy }: AwarenessPoint) => ({ x: ddp, y: accuracy });
const toMean = ({ ddp, accuracy }: AwarenessPoint) => ({ x: ddp.mean, y: accuracy.mean });

/** Places along a level line, for labels to keep off. */
function spread([low, high]: Domain, y: number): { x: number; y: number }[] {
  return Array.from({ length: 61 }, (_, at) => ({ x: low + ((high - low) * at) / 60, y }));
}

function listLegend({ points, baselines, labels }: AwarenessFigure): LegendEntry[][] {
  const has = (unconstrained: boolean) => points.some(({ strength }) => (strength === 0) === unconstrained);
  return [
    [
      ...(has(true) ? [{ kind: 'point' as const, ...methodLooks.unconstrained! }] : []),
      ...(has(false) ? [{ kind: 'point' as const, ...methodLooks.regularised! }] : []),
      ...(labels === undefined ? [] : [{ kind: 'line' as const, label: 'DDP of the labels', ...labelsLook }]),
    ],
    [...baselines.keys()].flatMap((name) => {
      const look = baselineLooks[name];
      return look === undefined ? [] : [{ kind: 'line' as const, ...look }];
    }),
  ];
}
