import { byId, element } from '../../browser/dom.js';
import { flagOf, type PageFlips, thousandth } from '../page-data.js';
import { formatNumber } from './numbers.js';
import { hasTwoHeads, type View } from './view.js';

/** A person in the table. */
interface Person {
  readonly id: number;
  readonly group: 0 | 1;
  readonly label: 0 | 1;
  /** Decisions before and now. */
  readonly before: 0 | 1;
  readonly after: 0 | 1;
  readonly f: number;
  readonly g: number | undefined;
  readonly score: number;
  readonly swap: number | undefined;
  readonly swapped: boolean;
}

interface Column {
  readonly title: string;
  readonly key: (person: Person) => number;
  readonly show: (person: Person) => string;
}

const rowsAtOnce = 25;

export interface People {
  draw(view: View): void;
}

/** The table of people whose decision changed: sorted by any column, filtered, and shown some at a time. */
export function setUpPeople(): People {
  let view: View | undefined;
  let [sorted, down] = [0, false];
  let room = rowsAtOnce;
  const filters = { group: '', change: '', label: '', swap: '', id: '' };
  const redraw = () => {
    if (view !== undefined) drawTable(view);
  };

  function drawTable(current: View): void {
    const flips = current.decided?.flips;
    const people = flips === undefined ? [] : readPeople(flips);
    const columns = listColumns(current);
    const kept = people.filter((person) => isKept(person, current, filters));
    const { key } = columns[Math.min(sorted, columns.length - 1)]!;
    const ordered = kept.sort((p, q) => (down ? -1 : 1) * (key(p) - key(q)) || p.id - q.id);
    byId('list').replaceChildren(
      element('thead', {}, element('tr', {}, ...columns.map(makeHeader))),
      element(
        'tbody',
        {},
        ...ordered
          .slice(0, room)
          .map((person) => element('tr', {}, ...columns.map(({ show }) => element('td', {}, show(person))))),
      ),
    );
    byId('listed').textContent = describeListed(current, flips);
    const left = ordered.length - Math.min(room, ordered.length);
    const more = element('button', { type: 'button' }, `show ${Math.min(left, 4 * rowsAtOnce)} more`);
    more.addEventListener('click', () => {
      room += 4 * rowsAtOnce;
      redraw();
    });
    byId('more').replaceChildren(
      `${Math.min(room, ordered.length)} of ${ordered.length} rows that match. `,
      ...(left > 0 ? [more] : []),
    );
  }

  function makeHeader({ title }: Column, at: number): HTMLElement {
    const button = element(
      'button',
      { type: 'button' },
      `${title}${at === sorted ? (down ? ' ▾' : ' ▴') : ''}`,
    );
    button.addEventListener('click', () => {
      [sorted, down] = [at, at === sorted ? !down : false];
      redraw();
      byId('list').querySelectorAll('button')[at]?.focus();
    });
    const order = at === sorted ? (down ? 'descending' : 'ascending') : 'none';
    return element('th', { scope: 'col', 'aria-sort': order }, button);
  }

  function drawFilters(current: View): void {
    const { groups, levels } = current.data;
    const pick = (name: keyof typeof filters, label: string, options: readonly string[]) => {
      const select = element(
        'select',
        { id: `filter-${name}` },
        element('option', { value: '' }, 'all'),
        ...options.map((text, at) => element('option', { value: String(at) }, text)),
      );
      select.value = filters[name];
      select.addEventListener('change', () => {
        filters[name] = select.value;
        room = rowsAtOnce;
        redraw();
      });
      return element('label', {}, `${label} `, select);
    };
    const id = element('input', { id: 'filter-id', type: 'search', inputmode: 'numeric' });
    id.value = filters.id;
    id.addEventListener('input', () => {
      filters.id = id.value.trim();
      redraw();
    });
    if (!hasTwoHeads(current)) filters.swap = '';
    byId('filters').replaceChildren(
      pick('group', current.data.protected, groups),
      pick('change', 'change', [`loses: to ${levels[0]}`, `gains: to ${levels[1]}`, 'against intent']),
      pick('label', `${current.data.target} is`, levels),
      ...(hasTwoHeads(current) ? [pick('swap', 'swap test', ['stays', 'changes'])] : []),
      element('label', {}, 'id begins with ', id),
    );
  }

  return {
    draw(next) {
      view = next;
      room = rowsAtOnce;
      drawFilters(next);
      drawTable(next);
    },
  };
}

function readPeople({ ids, flags, f, g, score, swap }: PageFlips): Person[] {
  return ids.map((id, at) => {
    const has = (flag: number) => (flags[at]! & flag) !== 0;
    const after = has(flagOf.positive) ? 1 : 0;
    const scaled = (values: readonly number[]) =>
      values[at] === undefined ? undefined : values[at] / thousandth;
    return {
      id,
      group: has(flagOf.group) ? 1 : 0,
      label: has(flagOf.label) ? 1 : 0,
      before: after === 1 ? 0 : 1,
      after,
      f: scaled(f)!,
      g: scaled(g),
      score: scaled(score)!,
      swap: scaled(swap),
      swapped: has(flagOf.swapped),
    };
  });
}

function listColumns(view: View): Column[] {
  const { data, decided } = view;
  const { groups, levels } = data;
  const number = (value: number | undefined, digits = 2) =>
    value === undefined ? '' : formatNumber(value, digits);
  return [
    { title: 'id', key: ({ id }) => id, show: ({ id }) => String(id) },
    { title: data.protected, key: ({ group }) => group, show: ({ group }) => groups[group] },
    { title: data.target, key: ({ label }) => label, show: ({ label }) => levels[label] },
    { title: 'f', key: ({ f }) => f, show: ({ f }) => number(f) },
    ...((decided?.flips.g.length ?? 0) > 0
      ? [{ title: 'g', key: ({ g = 0 }: Person) => g, show: ({ g }: Person) => number(g) }]
      : []),
    { title: 'before', key: ({ before }) => before, show: ({ before }) => levels[before] },
    { title: 'now', key: ({ after }) => after, show: ({ after }) => levels[after] },
    {
      title: hasTwoHeads(view) ? 'f + b·g + c' : 'its own logit',
      key: ({ score }) => score,
      show: ({ score }) => number(score),
    },
    {
      title: 'margin to flip',
      key: ({ score }) => Math.abs(score),
      show: ({ score }) => number(Math.abs(score)),
    },
    ...(hasTwoHeads(view)
      ? [
          {
            title: 'with other mean g',
            key: ({ swap = 0 }: Person) => swap,
            show: ({ swap }: Person) => number(swap),
          },
          {
            title: 'swap test',
            key: ({ swapped }: Person) => Number(swapped),
            show: ({ swapped }: Person) => (swapped ? 'changes' : 'stays'),
          },
        ]
      : []),
  ];
}

function isKept(
  person: Person,
  { decided }: View,
  filters: Readonly<Record<'group' | 'change' | 'label' | 'swap' | 'id', string>>,
): boolean {
  const { group, change, label, swap, id } = filters;
  const advantaged = decided?.advantaged ?? null;
  const against = advantaged !== null && (person.after === 1) === (person.group === advantaged);
  const changes = [person.after === 0, person.after === 1, against];
  return (
    (group === '' || person.group === Number(group)) &&
    (change === '' || changes[Number(change)] === true) &&
    (label === '' || person.label === Number(label)) &&
    (swap === '' || person.swapped === (swap === '1')) &&
    String(person.id).startsWith(id)
  );
}

function describeListed(view: View, flips: PageFlips | undefined): string {
  if (flips === undefined) return 'Nothing is decided for this seed.';
  const { total, ids } = flips;
  const left = total - ids.length;
  const listed =
    left === 0
      ? `All ${total} people whose decision changes.`
      : `${ids.length} of the ${total} people whose decision changes; ${left} are not on this page. Those against intent come first; the others are taken evenly from their order by f.`;
  const columns = hasTwoHeads(view)
    ? 'The decision is positive where f + b·g + c is above 0, and its size is the margin by which it would flip back; the swap test puts the other group’s mean of g in the place of the person’s.'
    : 'f is the logit of the unconstrained net, g (where there is one) that of the net with two heads, both about the same person; the regularised net decides by its own logit, whose size is the margin by which it would flip back.';
  return `${listed} ${columns}`;
}
