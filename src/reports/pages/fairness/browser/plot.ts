import { byId, element, shape } from '../../browser/dom.js';
import type { PageData, PageMethod, PagePoint, PageWay } from '../page-data.js';
import { drawAxes, type Frame, fitAxis, toX, toY } from './axes.js';
import { drawMark } from './marks.js';
import { describeInterval, formatInterval, formatNumber } from './numbers.js';
import { fillTable } from './tables.js';
import { nameWay, type View } from './view.js';

const [width, height] = [760, 460];

export interface Plot {
  draw(view: View): void;
}

/** The trade-off of all methods; a setting of two heads or of a regulariser can be chosen in it. */
export function setUpPlot(data: PageData, choose: (way: PageWay) => void): Plot {
  byId('plot').setAttribute('viewBox', `0 0 ${width} ${height}`);
  const hidden = new Set<string>();
  let last: View | undefined;
  const boxes = data.methods.map(({ name }, at) => {
    const box = element('input', { type: 'checkbox' });
    box.checked = true;
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(name);
      else hidden.add(name);
      if (last !== undefined) drawPlot(last, hidden, choose);
    });
    const icon = shape('svg', { viewBox: '-8 -8 16 16', 'aria-hidden': 'true' }, drawMark(at, 0, 0, 5.5));
    return element('label', {}, box, icon, name);
  });
  byId('legend').append(...boxes);
  listPoints(data);
  return {
    draw(view) {
      last = view;
      drawPlot(view, hidden, choose);
      describeChosen(view);
    },
  };
}

function drawPlot(view: View, hidden: ReadonlySet<string>, choose: (way: PageWay) => void): void {
  const { data, way, at } = view;
  const shown = data.methods.flatMap((method, index) =>
    hidden.has(method.name) && method.name !== way.method ? [] : [{ method, index }],
  );
  const seeds = way.seeds.flatMap((seed, place) => (seed === null ? [] : [{ ...seed.test, place }]));
  const frame = fitFrame(
    data,
    shown.flatMap(({ method }) => method.points),
    seeds,
  );
  const svg = byId('plot');
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

function fitFrame(
  data: PageData,
  points: readonly PagePoint[],
  seeds: readonly { readonly accuracy: number; readonly ddp: number }[],
): Frame {
  const [zero, one] = data.groups;
  const gaps = [...points.map(({ test }) => test.ddp[0]), ...seeds.map(({ ddp }) => ddp)];
  const accuracies = [
    ...points.map(({ test }) => test.accuracy[0]),
    ...seeds.map(({ accuracy }) => accuracy),
  ];
  return {
    ...{ left: 62, right: width - 12, top: 10, bottom: height - 46 },
    x: fitAxis(`DDP at test: rate among ${one} minus rate among ${zero}`, [...gaps, 0, data.labelGap[0]]),
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

function findPoint(data: PageData, way: PageWay): PagePoint | undefined {
  const method = data.methods.find(({ name }) => name === way.method);
  return method?.points.find(({ setting }) => setting === way.setting);
}

function drawChosen(frame: Frame, data: PageData, way: PageWay): SVGElement[] {
  const point = findPoint(data, way);
  if (point === undefined) return [];
  const [cx, cy] = [toX(frame, point.test.ddp[0]), toY(frame, point.test.accuracy[0])];
  return [shape('circle', { class: 'ring', cx, cy, r: 11 })];
}

/** The chosen setting on validation and at test, over seeds and for the seed. */
function describeChosen({ data, way, at, decided }: View): void {
  const point = findPoint(data, way);
  const table = element('table', { id: 'standing' });
  const seed = data.seeds[at]!.seed;
  const rows = (['validation', 'test'] as const).map((set) => {
    const interval = (of: 'accuracy' | 'ddp') => (point === undefined ? '' : formatInterval(point[set][of]));
    const own = (of: 'accuracy' | 'ddp') => (decided === null ? 'none' : formatNumber(decided[set][of]));
    return {
      cells: [
        set,
        interval('accuracy'),
        interval('ddp'),
        { text: own('accuracy'), split: true },
        own('ddp'),
        decided === null ? '' : `± ${decided.errors[set].toFixed(3)}`,
      ],
    };
  });
  fillTable(
    table,
    [
      nameWay(way),
      'accuracy, all seeds',
      'DDP, all seeds',
      { text: `accuracy, seed ${seed}`, split: true },
      `DDP, seed ${seed}`,
      'its sampling error',
    ],
    rows,
  );
  const met = way.seeds.filter((each) => each !== null).length;
  const note = element(
    'p',
    { class: 'note' },
    `All seeds: ${describeInterval(point?.seeds ?? met)}${met < data.seeds.length ? `; ${data.seeds.length - met} of ${data.seeds.length} seeds have nothing that keeps to it` : ''}. Sampling error: one standard error of the gap on so many people, sqrt(r(1 − r)(1/n1 + 1/n0)) with r the rate of positive decisions.`,
  );
  byId('chosen').replaceChildren(table, note);
}

function listPoints({ methods }: PageData): void {
  const rows = methods.flatMap(({ name, points }) =>
    points.map(({ setting, seeds, validation, test }) => ({
      cells: [
        [name, setting].filter(Boolean).join(', '),
        ...[validation.accuracy, validation.ddp, test.accuracy, test.ddp].map((interval) =>
          formatInterval(interval),
        ),
        String(seeds),
      ],
    })),
  );
  fillTable(
    byId('points'),
    ['method and setting', 'accuracy, validation', 'DDP, validation', 'accuracy, test', 'DDP, test', 'seeds'],
    rows,
  );
}
