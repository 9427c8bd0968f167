import { byId, shape } from '../../../browser/dom.js';
import type { Interval, PageData, PageMethod, PageWay, Standing } from '../../page-data.js';
import { formatInterval } from '../numbers.js';
import { findPoint } from '../standing.js';
import { nameWay, type View } from '../view.js';
import { drawAxes, type Frame, fitAxis, toX, toY } from './axes.js';
import { drawMark } from './marks.js';

const [width, height] = [760, 480];

export interface Shown {
  /** Methods that are left out; the chosen one never is. */
  readonly hidden: ReadonlySet<string>;
  readonly closeUp: boolean;
}

/** Of a close-up: how far it reaches from what is chosen. */
const near = { accuracy: 0.02, ddp: 0.08 } as const;

/** Draws the trade-off; what can be chosen in it calls `choose`. */
export function drawPlot(view: View, { hidden, closeUp }: Shown, choose: (way: PageWay) => void): void {
  const { data, way, at } = view;
  const shown = data.methods.flatMap((method, index) =>
    hidden.has(method.name) && method.name !== way.method ? [] : [{ method, index }],
  );
  const seeds = way.seeds.flatMap((seed, place) => (seed === null ? [] : [{ ...seed.test, place }]));
  const points = shown.flatMap(({ method }) => method.points.map(({ test }) => test));
  const centre = findPoint(data, way)?.test;
  const frame = closeUp && centre !== undefined ? frameNear(data, centre) : frameAll(data, points, seeds);
  const svg = byId('plot');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute(
    'aria-label',
    `accuracy against DDP at test; chosen is ${nameWay(way)}; all numbers are in the table below`,
  );
  const inside = shape('g', { 'clip-path': 'url(#inside)' });
  const { left, right, top, bottom } = frame;
  const area = { x: left, y: top, width: right - left, height: bottom - top };
  const upright = (name: string, value: number) =>
    shape('line', { class: name, x1: toX(frame, value), x2: toX(frame, value), y1: top, y2: bottom });
  if (way.method === 'two heads') inside.append(drawLimit(frame, way.value));
  inside.append(upright('zero', 0), upright('labels', data.labelGap[0]));
  inside.append(
    shape(
      'text',
      { class: 'soft', x: toX(frame, data.labelGap[0]) - 6, y: bottom - 8, 'text-anchor': 'end' },
      'gap of the labels',
    ),
  );
  for (const { method, index } of shown) inside.append(drawBars(frame, method, index));
  for (const { method, index } of shown) inside.append(...drawMarks(frame, method, index, data.ways, choose));
  inside.append(...drawChosen(frame, data, way));
  for (const { accuracy, ddp, place } of seeds) {
    const [x, y] = [toX(frame, ddp), toY(frame, accuracy)];
    const path = `M${x - 5} ${y}H${x + 5}M${x} ${y - 5}V${y + 5}`;
    inside.append(shape('path', { class: place === at ? 'seed own' : 'seed', d: path }));
  }
  svg.replaceChildren(shape('clipPath', { id: 'inside' }, shape('rect', area)), ...drawAxes(frame), inside);
}

/** Holds every mark, and the gap of the labels. */
function frameAll(
  data: PageData,
  points: readonly Standing<Interval>[],
  seeds: readonly Standing<number>[],
): Frame {
  const gaps = [...points.map(({ ddp }) => ddp[0]), ...seeds.map(({ ddp }) => ddp), 0, data.labelGap[0]];
  const accuracies = [...points.map((point) => point.accuracy[0]), ...seeds.map((seed) => seed.accuracy)];
  return makeFrame(data, gaps, accuracies);
}

function frameNear(data: PageData, { accuracy, ddp }: Standing<Interval>): Frame {
  const around = ([centre]: Interval, reach: number) => [centre - reach, centre + reach];
  return makeFrame(data, around(ddp, near.ddp), around(accuracy, near.accuracy));
}

function makeFrame({ groups }: PageData, gaps: readonly number[], accuracies: readonly number[]): Frame {
  return {
    ...{ left: 62, right: width - 12, top: 10, bottom: height - 46 },
    x: fitAxis(`DDP at test: rate among ${groups[1]} minus rate among ${groups[0]}`, gaps),
    y: fitAxis('accuracy at test', accuracies),
  };
}

/** What two heads were to keep to on validation. */
function drawLimit(frame: Frame, slack: number): SVGElement {
  const [from, to] = [toX(frame, -slack), toX(frame, slack)];
  return shape('rect', {
    ...{ class: 'within', x: from, width: to - from },
    ...{ y: frame.top, height: frame.bottom - frame.top },
  });
}

function drawBars(frame: Frame, { points }: PageMethod, index: number): SVGElement {
  const path = points.map(({ test: { accuracy, ddp } }) => {
    const [x, y] = [toX(frame, ddp[0]), toY(frame, accuracy[0])];
    const across =
      ddp[1] === null ? '' : `M${toX(frame, ddp[0] - ddp[1])} ${y}H${toX(frame, ddp[0] + ddp[1])}`;
    const along =
      accuracy[1] === null
        ? ''
        : `M${x} ${toY(frame, accuracy[0] - accuracy[1])}V${toY(frame, accuracy[0] + accuracy[1])}`;
    return across + along;
  });
  return shape('path', { class: `bar m${index}`, d: path.join('') || 'M0 0' });
}

function drawMarks(
  frame: Frame,
  { name, points }: PageMethod,
  index: number,
  ways: readonly PageWay[],
  choose: (way: PageWay) => void,
): SVGElement[] {
  const places = points.map(({ test }) => [toX(frame, test.ddp[0]), toY(frame, test.accuracy[0])] as const);
  const line = places.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const marks = points.map(({ setting, test, seeds }, at) => {
    const mark = drawMark(index, ...places[at]!, 5);
    const words = [name, setting].filter(Boolean).join(', ');
    mark.append(
      shape(
        'title',
        {},
        `${words}: accuracy ${formatInterval(test.accuracy)}, DDP ${formatInterval(test.ddp)} (${seeds} seeds)`,
      ),
    );
    const way = ways.find((each) => each.method === name && each.setting === setting);
    if (way !== undefined) {
      mark.classList.add('open');
      mark.addEventListener('click', () => choose(way));
    }
    return mark;
  });
  return [shape('path', { class: `way m${index}`, d: line }), ...marks];
}

function drawChosen(frame: Frame, data: PageData, way: PageWay): SVGElement[] {
  const point = findPoint(data, way);
  if (point === undefined) return [];
  const [cx, cy] = [toX(frame, point.test.ddp[0]), toY(frame, point.test.accuracy[0])];
  return [shape('circle', { class: 'ring', cx, cy, r: 11 })];
}
