import { byId } from '../../browser/dom.js';
import type { ByGroup, GroupSize } from '../page-data.js';
import { describeInterval, formatInterval, formatNumber, formatShare } from './numbers.js';
import { fillTable } from './tables.js';
import type { View } from './view.js';

/** Who is in the sets of a seed: sizes of the groups, and base rates. */
export function showSizes({ data, at }: View): void {
  const { groups, levels, target, seeds, labelGap } = data;
  const { seed, ...sets } = seeds[at]!;
  const rows = (['validation', 'test'] as const).flatMap((set) =>
    groups.map((group, index) => {
      const { people, positive } = sets[set][index as 0 | 1];
      const all = sets[set][0].people + sets[set][1].people;
      return {
        cells: [
          `${set}, ${group}`,
          String(people),
          formatShare(people / all),
          String(positive),
          formatShare(positive / people),
        ],
      };
    }),
  );
  fillTable(byId('sizes'), ['set and group', 'people', 'of the set', levels[1], 'base rate'], rows);
  byId('sizes-note').textContent =
    `Of seed ${seed}. Base rate: share of the group whose ${target} is ${levels[1]}. Between the groups it differs by ${formatNumber(gapOf(sets.test))} at test (${groups[1]} minus ${groups[0]}; ${formatInterval(labelGap)}, ${describeInterval(seeds.length)}).`;
}

function gapOf([zero, one]: ByGroup<GroupSize>): number {
  return one.positive / one.people - zero.positive / zero.people;
}
