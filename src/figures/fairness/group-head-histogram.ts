import type { TopLevelSpec } from 'vega-lite';
import type { BinnedGroup, GroupHeads } from '../../analysis/fairness/study/pictures/group-head.js';
import type { Figure } from '../figure.js';
import { type LegendEntry, legendPanel } from '../legend.js';
import type { Layer } from '../marks.js';
import { palette, schema, theme } from '../theme.js';
import { type Domain, levelLayer, makePlace, pathLayer } from './scatter.js';
import { captionPanel, type PeopleNames, spell, wrapTitle } from './words.js';

export interface GroupHeadFigure extends GroupHeads {
  readonly names: PeopleNames;
}

const looks = [
  { color: palette.orange, dash: [4, 1.5] },
  { color: palette.blue, dash: [1, 0] },
] as const;
const thresholdLook = { color: palette.black, dash: [1, 2] };
const height = 150;

/** How the outputs of the group head are spread within each group at test: mean over seeds, and single seeds thinly. */
export function drawGroupHeadHistogram({
  names,
  seeds,
  edges,
  groups,
  accuracy,
  majority,
}: GroupHeadFigure): Figure {
  const most = Math.max(...groups.flatMap((group) => [...group.mean, ...group.seeds.flat()]));
  const domains: [Domain, Domain] = [
    [edges[0]!, edges.at(-1)!],
    [0, 1.05 * most],
  ];
  const legend: LegendEntry[][] = [
    [
      ...names.groups.map((group, a) => ({
        kind: 'line' as const,
        label: `${spell(names.protected)}: ${group}`,
        ...looks[a]!,
      })),
      { kind: 'line', label: 'threshold', ...thresholdLook },
    ],
  ];
  const several = seeds.length > 1;
  const caption = [
    several
      ? `Strong lines: means over seeds ${seeds.join(', ')}; thin lines: single seeds.`
      : `Seed ${seeds[0]} alone.`,
    `The head tells ${share(accuracy.mean)}${accuracy.halfWidth === undefined ? '' : ` ± ${share(accuracy.halfWidth)} (95 % Student t interval over seeds)`} of test people rightly; always saying the larger group, ${share(majority.mean)}.`,
    'What lies beyond the axis counts in its outermost bins.',
  ];
  return {
    panels: 1,
    specify: (width): TopLevelSpec => {
      const place = makePlace(domains, {
        x: wrapTitle(
          ['output g of the group head less its threshold', `(above 0 it says ${names.groups[1]})`],
          width,
        ),
        y: ['share of the group per bin'],
      });
      return {
        $schema: schema,
        config: theme,
        spacing: 6,
        vconcat: [
          legendPanel(legend, width),
          {
            width,
            height,
            layer: [
              levelLayer('x', 0, place(), thresholdLook),
              ...groups.flatMap((group, a) => drawGroup(group, edges, place(), looks[a]!, several)),
            ],
          },
          captionPanel(caption, width),
        ],
      };
    },
  };
}

function drawGroup(
  { seeds, mean }: BinnedGroup,
  edges: readonly number[],
  axes: ReturnType<ReturnType<typeof makePlace>>,
  { color, dash }: (typeof looks)[number],
  several: boolean,
): Layer[] {
  const outline = (shares: readonly number[]) => [
    { x: edges[0]!, y: 0 },
    ...shares.map((y, bin) => ({ x: edges[bin]!, y })),
    { x: edges.at(-1)!, y: 0 },
  ];
  return [
    ...(several
      ? seeds.map((shares) =>
          pathLayer(outline(shares), axes, { color, width: 0.5, opacity: 0.5, stairs: true }),
        )
      : []),
    pathLayer(outline(mean), axes, { color, dash, width: 1.5, stairs: true }),
  ];
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
