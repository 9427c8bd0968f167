import { expect, it } from 'vitest';
import { traceWays } from '../../../../analysis/fairness/study/ways.js';
import { drawPeople } from '../../../../analysis/fairness/testing/populations.js';
import { flagOf } from '../page-data.js';
import { listFlips, pickEvenly } from './list-flips.js';

it('picks from first to last at equal distances', () => {
  const list = Array.from({ length: 11 }, (_, at) => at);
  expect(pickEvenly(list, 3)).toEqual([0, 5, 10]);
  expect(pickEvenly(list, 11)).toEqual(list);
  expect(pickEvenly(list, 1)).toEqual([0]);
  expect(pickEvenly(list, 0)).toEqual([]);
});

it('lists everybody who moves against intent first, and says how many there are in all', () => {
  const draw = (seed: number) => {
    const { heads, people } = drawPeople(1000, seed, { share: 0.4, shift: 0.5, blur: 0.9 });
    return { ...heads, people, ids: Uint32Array.from({ length: 1000 }, (_, i) => 2 * i) };
  };
  const run = { run: 'a', seed: '0', validation: draw(1), test: draw(2) };
  const arm = { kind: 'two_heads', label: 'two heads', strength: 0, shuffled: false, runs: [run] } as const;
  const seed = traceWays([arm])[0]!.seeds[0]!;
  const { groups, advantaged } = seed.flips;
  const against = groups[0].other + groups[1].other;
  const all = groups.reduce((sum, { rejected, accepted }) => sum + rejected + accepted, 0);
  expect(against).toBeGreaterThan(10);
  const isAgainst = (flag: number) =>
    ((flag & flagOf.positive) !== 0) === (((flag & flagOf.group) !== 0 ? 1 : 0) === advantaged);
  for (const most of [against + 5, against - 5]) {
    const { total, ids, flags } = listFlips(seed, 0, most);
    expect([total, ids.length]).toEqual([all, most]);
    expect(flags.filter(isAgainst)).toHaveLength(Math.min(most, against));
    expect(ids).toEqual([...new Set(ids)].sort((p, q) => p - q));
  }
  expect(listFlips(seed, 0, 1000).ids).toHaveLength(all);
});
