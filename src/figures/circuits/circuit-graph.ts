import type { TopLevelSpec } from 'vega-lite';
import { displayName } from '../../analysis/held-out.js';
import type { CircuitFacts } from '../../evaluation/circuits/facts.js';
import type { Figure } from '../figure.js';
import { type LegendEntry, legendPanel } from '../legend.js';
import { type Layer, titleLayer } from '../marks.js';
import { lookOfModels, palette, schema, theme } from '../theme.js';
import { type CircuitArm, type Links, linkedArms } from './arms.js';

const columns = 2;
/** Areas of the signs of the least and of the largest degree, in square points. */
const [smallest, largest] = [8, 110];

/**
 * The graph of links within the truncation after training, a panel per arm (its first seed): every processor stands
 * where it looks, at the mean centre of its read-in attention, is as large as its degree, and has the sign of its
 * community.
 */
export function drawCircuitGraph(arms: readonly CircuitArm[]): Figure {
  const linked = linkedArms(arms);
  const panels = Math.min(columns, linked.length);
  const most = Math.max(...linked.flatMap(({ links }) => links.after.degrees));
  const communities = Math.max(...linked.flatMap(({ links }) => listLarge(links).length));
  const looks = lookOfModels(Array.from({ length: communities }, String));
  const legend: LegendEntry[][] = [
    looks.map((look, community) => ({ kind: 'point', label: `community ${community + 1}`, ...look })),
    [
      ...(linked.some(({ links }) => hasSmall(links)) ? [alone] : []),
      { kind: 'line', label: 'link within the truncation', color: '#B0B0B0' },
      {
        kind: 'point',
        label: `area of a sign: degree, up to ${most.toFixed(1)}`,
        color: palette.black,
        shape: 'circle',
      },
    ],
  ];
  const rows = Array.from({ length: Math.ceil(linked.length / panels) }, (_, row) =>
    linked.slice(row * panels, (row + 1) * panels),
  );
  return {
    panels,
    specify: (width): TopLevelSpec => ({
      $schema: schema,
      config: theme,
      spacing: 8,
      vconcat: [
        legendPanel(legend, (width + 10) * panels),
        ...rows.map((row) => ({
          spacing: 14,
          hconcat: row.map(({ name, facts, links }) =>
            drawPanel(displayName(name), facts, links, { width, most, panels }),
          ),
        })),
      ],
    }),
  };
}

const alone = {
  kind: 'point',
  label: 'one or two modules by themselves',
  color: palette.grey,
  shape: 'circle',
} as const;

function hasSmall(links: Links): boolean {
  return new Set(links.after.communities).size > listLarge(links).length;
}

/** Communities that have a look of their own: others are modules by themselves. */
function listLarge({ after: { communities } }: Links): number[] {
  return [...new Set(communities)]
    .filter((community) => communities.filter((one) => one === community).length > 2)
    .sort((a, b) => a - b);
}

function drawPanel(
  name: string,
  { centroids }: CircuitFacts,
  links: Links,
  { width, most, panels }: { readonly width: number; readonly most: number; readonly panels: number },
) {
  const { degrees, communities, edges } = links.after;
  const axes = makeAxes(centroids);
  const place = ([x, y]: readonly [number, number]) => ({ x, y });
  const strokes = edges.map(([a, b]) => ({
    ...place(centroids[a]!),
    x2: centroids[b]![0],
    y2: centroids[b]![1],
    p: links.after.probabilities[a]![b]!,
  }));
  const lines: Layer = {
    data: { values: strokes },
    mark: { type: 'rule', color: '#8C8C8C', strokeWidth: 0.5 },
    encoding: {
      ...axes,
      x2: { field: 'x2' },
      y2: { field: 'y2' },
      opacity: {
        field: 'p',
        type: 'quantitative',
        scale: { domain: [0, 1], range: [0.1, 0.6] },
        legend: null,
      },
    },
  };
  const large = listLarge(links);
  const looks = lookOfModels(large.map(String));
  const signs = [...large, undefined].map((community): Layer => {
    const modules = communities.flatMap((one, module) =>
      one === community || (community === undefined && !large.includes(one)) ? [module] : [],
    );
    const look =
      community === undefined ? { color: palette.grey, shape: 'circle' } : looks[large.indexOf(community)]!;
    return {
      data: { values: modules.map((module) => ({ ...place(centroids[module]!), degree: degrees[module]! })) },
      mark: {
        type: 'point',
        filled: true,
        opacity: 0.85,
        stroke: 'white',
        strokeWidth: 0.5,
        fill: look.color,
        shape: look.shape,
      },
      encoding: {
        ...axes,
        size: {
          field: 'degree',
          type: 'quantitative',
          scale: { domain: [0, most], range: [smallest, largest] },
          legend: null,
        },
      },
    };
  });
  return {
    width,
    height: width * (panels === 1 ? 0.6 : 0.82),
    layer: [titleLayer(name, width), lines, ...signs],
  };
}

/** As much of the image as modules look at, with room for the signs; y grows downwards, as rows of an image do. */
function makeAxes(centroids: CircuitFacts['centroids']) {
  const domainOf = (values: readonly number[]) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = Math.max(0.01, 0.1 * (high - low));
    return [low - room, high + room];
  };
  const axis = (title: string) => ({ title, tickCount: 4, format: '.2f', grid: false });
  const xs = domainOf(centroids.map(([x]) => x));
  const ys = domainOf(centroids.map(([, y]) => y));
  return {
    x: {
      field: 'x',
      type: 'quantitative' as const,
      scale: { domain: xs, nice: false, zero: false },
      axis: axis('centre of attention: share of the width'),
    },
    y: {
      field: 'y',
      type: 'quantitative' as const,
      scale: { domain: ys, nice: false, zero: false, reverse: true },
      axis: axis('share of the height, from the top'),
    },
  };
}
