import { describe, expect, it } from 'vitest';
import { drawFloat24, stream } from '../../../random/stream.js';
import { measureDecisions } from '../decisions.js';
import { describePeople } from '../people.js';
import { decideByGroup } from '../rules/thresholds.js';
import { searchGroupThresholds } from './group-thresholds.js';

/** Few people of three groups, some of whom have the same score. */
function drawFew(seed: number, count = 21) {
  const source = stream(seed, 'few');
  const a = Uint16Array.from({ length: count }, (_, i) => i % 3);
  const f = Float64Array.from(a, (group) => Math.round(8 * (drawFloat24(source) + 0.2 * group)) / 4 - 1);
  const y = Uint8Array.from(f, (score) => (score + 2 * drawFloat24(source) > 1 ? 1 : 0));
  return { f, people: describePeople(y, a, 3) };
}

describe('the search for a threshold of each group', () => {
  it('finds what trying all thresholds finds', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { f, people } = drawFew(seed);
      const cuts = [-9, ...new Set(f)];
      const slacks = [0, 0.05, 0.15, 0.3, 1];
      const most = slacks.map(() => -1);
      for (const t0 of cuts) {
        for (const t1 of cuts) {
          for (const t2 of cuts) {
            const { right, ddp } = measureDecisions(people, decideByGroup(f, people.a, [t0, t1, t2]));
            for (const [at, slack] of slacks.entries())
              if (ddp <= slack) most[at] = Math.max(most[at]!, right);
          }
        }
      }
      const found = searchGroupThresholds(f, people, slacks);
      expect(found.map(({ right }) => right)).toEqual(most);
      for (const [at, { thresholds, right, size, accuracy }] of found.entries()) {
        const measured = measureDecisions(people, decideByGroup(f, people.a, thresholds));
        expect(measured).toMatchObject({ right, ddp: size, accuracy });
        expect(size).toBeLessThanOrEqual(slacks[at]!);
      }
    }
  });
});
