import { byId } from '../../browser/dom.js';
import type { FlipCounts, FlipShares, Interval } from '../page-data.js';
import { describeInterval, formatShare, formatShareInterval } from './numbers.js';
import { type Cell, fillTable } from './tables.js';
import { hasTwoHeads, type View } from './view.js';

interface Line {
  readonly label: string;
  count(counts: FlipCounts): number | null;
  over(shares: FlipShares): Interval | null;
}

/** How many of each group are decided about otherwise than without a constraint. */
export function showCounts(view: View): void {
  const { data, way, decided, at } = view;
  const [negative, positive] = data.levels;
  const { seed } = data.seeds[at]!;
  byId('before').textContent = hasTwoHeads(view)
    ? `Before: f > 0 of the same net, without a constraint. Now: the rule above. At test, seed ${seed}.`
    : `Before: f > 0 of the unconstrained net about the same people. Now: the regularised net. At test, seed ${seed}.`;
  const lines: readonly Line[] = [
    { label: 'people', count: () => null, over: () => null },
    { label: `${positive} before`, count: ({ before }) => before, over: () => null },
    { label: `${positive} now`, count: ({ after }) => after, over: () => null },
    {
      label: `loses: from ${positive} to ${negative}`,
      count: ({ rejected }) => rejected,
      over: ({ rejected }) => rejected,
    },
    {
      label: `gains: from ${negative} to ${positive}`,
      count: ({ accepted }) => accepted,
      over: ({ accepted }) => accepted,
    },
    { label: 'of these, against intent', count: ({ other }) => other, over: ({ other }) => other },
    ...(hasTwoHeads(view)
      ? [
          {
            label: 'otherwise by the swap test',
            count: ({ swapped }: FlipCounts) => swapped,
            over: ({ swapped }: FlipShares) => swapped,
          },
        ]
      : []),
  ];
  const cells = ({ label, count, over }: Line): (string | Cell)[] => [
    label,
    ...([0, 1] as const).flatMap((group) => {
      const counts = decided?.groups[group];
      const own = counts === undefined ? null : count(counts);
      return [
        { text: label === 'people' ? String(counts?.people ?? '') : String(own ?? ''), split: true },
        own === null || counts === undefined ? '' : formatShare(own / counts.people),
        formatShareInterval(over(way.shares[group])),
      ];
    }),
  ];
  fillTable(
    byId('counts'),
    ['', ...data.groups.flatMap((group) => [{ text: group, split: true }, 'share', 'share, all seeds'])],
    lines.map((line) => ({ cells: cells(line) })),
  );
  byId('counts-note').textContent = explain(view);
}

function explain({ data, way, decided }: View): string {
  const seeds = way.seeds.filter((seed) => seed !== null).length;
  const advantaged = decided?.advantaged ?? null;
  const intent =
    advantaged === null
      ? 'Without a constraint the rates are equal, so no flip is against intent.'
      : `Against intent: before, the rate is higher among ${data.groups[advantaged]}; who loses in the group ${data.groups[1 - advantaged]} or gains in the group ${data.groups[advantaged]} moves the other way.`;
  const swap =
    way.method === 'two heads'
      ? ' Swap test: so many would be decided about otherwise if the rule saw the mean of g over the other group in the place of their own g.'
      : '';
  return `${intent}${swap} All seeds: ${describeInterval(seeds)}.`;
}
