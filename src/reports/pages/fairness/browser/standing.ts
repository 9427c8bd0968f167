import { byId, element } from '../../browser/dom.js';
import type { PageData, PagePoint, PageWay } from '../page-data.js';
import { describeInterval, formatInterval, formatNumber } from './numbers.js';
import { fillTable } from './tables.js';
import { nameWay, type View } from './view.js';

/** The chosen setting on validation and at test, over seeds and for the seed. */
export function showStanding({ data, way, at, decided }: View): void {
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

/** All numbers of the plot. */
export function listPoints({ methods }: PageData): void {
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

/** What a setting comes to over all seeds. */
export function findPoint(data: PageData, way: PageWay): PagePoint | undefined {
  const method = data.methods.find(({ name }) => name === way.method);
  return method?.points.find(({ setting }) => setting === way.setting);
}
