import { byId, element, shape } from '../../browser/dom.js';
import type { PageBin } from '../page-data.js';
import { describeInterval, formatInterval, formatNumber, formatShare } from './numbers.js';
import { type Axis, drawAxes, type Frame, toX, toY } from './plot/axes.js';
import type { View } from './view.js';

const [width, height] = [760, 330];

/** How differently people of like score are decided about, by their group. */
export function showMatched(view: View): void {
  const { decided, data, at } = view;
  const bins = decided?.bins ?? [];
  byId('matched').replaceChildren(...explain(view).map((text) => element('p', {}, text)));
  const svg = byId('bins');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.toggleAttribute('hidden', bins.length === 0);
  const [zero, one] = data.groups;
  svg.setAttribute(
    'aria-label',
    `rate of positive decisions among ${zero} and ${one} by unconstrained score, seed ${data.seeds[at]!.seed}`,
  );
  if (bins.length > 0) drawBins(svg, bins, data.groups);
}

function explain({ data, way, decided, at }: View): string[] {
  const [zero, one] = data.groups;
  const { seed } = data.seeds[at]!;
  const own = decided?.matchedGap ?? null;
  if (decided === null || own === null) {
    return [`For seed ${seed} no bin of like scores has enough people of both groups.`];
  }
  const per = Math.round(100 * Math.abs(own));
  const whom =
    per === 0
      ? `Among people of like score, the groups ${one} and ${zero} are decided “${data.levels[1]}” equally often.`
      : `Of 100 people of the group ${one} about ${per} ${own < 0 ? 'fewer' : 'more'} are decided “${data.levels[1]}” than of 100 people of the group ${zero} who have like scores.`;
  const seeds = way.seeds.filter((each) => each !== null).length;
  const over =
    way.matchedGap === null ? '' : ` (${formatInterval(way.matchedGap)}, ${describeInterval(seeds)})`;
  const blind =
    data.blindGap === null
      ? ''
      : ` The unconstrained nets’ own decisions have ${formatInterval(data.blindGap)}.`;
  return [
    `The matched-score gap is ${formatNumber(own)} for seed ${seed}${over}. ${whom}${blind}`,
    `It takes the test people in 40 bins of like unconstrained f, leaves out bins with fewer than 5 of a group (${formatShare(decided.covered)} of the people are in the others), and averages the rate of positive decisions among ${one} minus that among ${zero}, each bin by the people it compares. Any rule that looks at f alone has about 0. What is not 0 is another treatment of people whom the unconstrained net holds for alike; a regularised net does it without a head that would show it.`,
  ];
}

function drawBins(svg: HTMLElement, bins: readonly PageBin[], groups: readonly [string, string]): void {
  const every = Math.max(1, Math.ceil(bins.length / 9));
  const x: Axis = {
    label:
      'people of like score, from low to high: predicted probability of the unconstrained net at the bin’s lower edge',
    ...{ low: -0.6, high: bins.length - 0.4 },
    ticks: bins.flatMap(([low], at) =>
      at % every === 0 ? [{ at, text: (1 / (1 + Math.exp(-low))).toFixed(2) }] : [],
    ),
  };
  const y: Axis = {
    ...{ label: 'rate of positive decisions', low: -0.04, high: 1.04 },
    ticks: [0, 0.25, 0.5, 0.75, 1].map((value) => ({ at: value, text: value.toFixed(2) })),
  };
  const frame: Frame = { left: 62, right: width - 12, top: 34, bottom: height - 46, x, y };
  const lines = ([0, 1] as const).flatMap((group) => drawGroup(frame, bins, group));
  const legend = groups.map((name, at) =>
    shape(
      'g',
      { transform: `translate(${frame.left + 14 + 220 * at} 14)` },
      shape('path', { class: `rate${at}`, d: 'M0 0H34' }),
      spot(at as 0 | 1, 17, 0),
      shape('text', { x: 42, y: 4 }, name),
    ),
  );
  svg.replaceChildren(...drawAxes(frame), ...lines, ...legend);
}

function drawGroup(frame: Frame, bins: readonly PageBin[], group: 0 | 1): SVGElement[] {
  const places = bins.map((bin, at) => [toX(frame, at), toY(frame, bin[3 + group]!)] as const);
  const path = places.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return [shape('path', { class: `rate${group}`, d: path }), ...places.map(([x, y]) => spot(group, x, y))];
}

function spot(group: 0 | 1, cx: number, cy: number): SVGElement {
  if (group === 0) return shape('circle', { class: 'rate0 spot', cx, cy, r: 3.4 });
  return shape('rect', { class: 'rate1 spot', x: cx - 3, y: cy - 3, width: 6, height: 6 });
}
