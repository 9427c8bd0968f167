import type { TopLevelSpec } from 'vega-lite';
import { displayName } from '../../analysis/held-out.js';
import type { LinkFacts } from '../../evaluation/circuits/facts.js';
import type { Figure } from '../figure.js';
import { type LegendEntry, legendPanel } from '../legend.js';
import { lineLayer, pointLayer, titleLayer } from '../marks.js';
import { lookOfModels, palette, schema, theme } from '../theme.js';
import type { CircuitArm } from './arms.js';

/**
 * Share of the processors with at least so many links, both axes logarithmic: a scale-free graph falls along a
 * straight line. Modules of all seeds together; before training on the left, after it on the right.
 */
export function drawDegreeDistribution(arms: readonly CircuitArm[]): Figure {
  const linked = arms.filter(({ circuits }) => circuits.some(({ links }) => links !== null));
  const looks = lookOfModels(linked.map(({ name }) => name));
  const curves = (['before', 'after'] as const).map((moment) => ({
    moment,
    curves: linked.map(({ circuits }) =>
      accumulate(circuits.flatMap(({ links }) => (links?.[moment] ? countLinks(links[moment]) : []))),
    ),
  }));
  const all = curves.flatMap((panel) => panel.curves.flat());
  const most = Math.max(2, ...all.map(({ x }) => x));
  const least = Math.min(0.5, ...all.map(({ y }) => y));
  const legend: LegendEntry[][] = [
    linked.map(({ name }, index) => ({ kind: 'line', label: displayName(name), ...looks[index]! })),
    [
      {
        kind: 'point',
        label: 'modules of all seeds together; where some have no link, a line begins below 1',
        color: palette.grey,
        shape: 'circle',
      },
    ],
  ];
  return {
    panels: 2,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 6,
      vconcat: [
        legendPanel(legend, (width + 10) * 2),
        {
          spacing: 12,
          hconcat: curves.map(({ moment, curves: lines }, column) => {
            const axes = {
              x: {
                field: 'x',
                type: 'quantitative' as const,
                scale: { type: 'log' as const, domain: [1, most], nice: false },
                axis: {
                  title: 'links k of a module',
                  format: '~g',
                  grid: false,
                  values: ticksWithin(1, most),
                },
              },
              y: {
                field: 'y',
                type: 'quantitative' as const,
                scale: { type: 'log' as const, domain: [least, 1], nice: false },
                axis: {
                  title: column === 0 ? 'share of modules with k links or more' : null,
                  labels: column === 0,
                  format: '~g',
                  values: ticksWithin(least, 1),
                },
              },
            };
            return {
              width,
              height: 130,
              layer: [
                titleLayer(`${moment} training`, width),
                ...lines.flatMap((line, index) => [
                  lineLayer(line, axes, looks[index]!),
                  pointLayer(line, axes, looks[index]!, { size: 14 }),
                ]),
              ],
            };
          }),
        },
      ],
    }),
  };
}

/** 1, 2 and 5 of every power of ten, and the numbers between where there are few. */
function ticksWithin(low: number, high: number): number[] {
  const powers = Array.from({ length: 10 }, (_, at) => 10 ** (at - 4));
  const digits = high / low <= 12 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [1, 2, 5];
  const ticks = powers.flatMap((power) => digits.map((digit) => Number((digit * power).toPrecision(1))));
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Edges of every module. */
function countLinks({ edges, degrees }: LinkFacts): number[] {
  const counts = degrees.map(() => 0);
  for (const [a, b] of edges) {
    counts[a]! += 1;
    counts[b]! += 1;
  }
  return counts;
}

/** Share of the counts at or above each count from 1 on that occurs. */
function accumulate(counts: readonly number[]): { x: number; y: number }[] {
  return [...new Set(counts)]
    .filter((count) => count > 0)
    .sort((a, b) => a - b)
    .map((x) => ({ x, y: counts.filter((count) => count >= x).length / counts.length }));
}
