import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeldoutError } from '../../../core/errors.js';
import { type Criterion, criteria } from '../criteria.js';
import { decide, type HeadRule, type HeadScores, measureDecisions, measureGaps } from '../decisions.js';
import { describePeople, type People } from '../people.js';
import { drawPeople } from '../testing/populations.js';
import { searchCuts, searchHeads, spaceSlacks } from './search.js';
import { requireMet, slackChoice } from './slack-choice.js';

/** People of whom every group has both labels; scores on a coarse grid, so that many are tied. */
const smallProblems = fc
  .array(
    fc.record({
      y: fc.nat(1),
      a: fc.nat(1),
      f: fc.integer({ min: -6, max: 6 }),
      g: fc.integer({ min: -3, max: 3 }),
    }),
    { minLength: 2, maxLength: 56 },
  )
  .map((drawn) => {
    const all = [...drawn, ...[0, 1, 2, 3].map((k) => ({ y: k & 1, a: k >> 1, f: k - 1, g: 2 - k }))];
    return {
      people: describePeople(
        Uint8Array.from(all, ({ y }) => y),
        Uint8Array.from(all, ({ a }) => a),
      ),
      heads: {
        f: Float64Array.from(all, ({ f }) => f / 3),
        g: Float64Array.from(all, ({ g }) => g / 7),
      },
    };
  });

/** All cuts of one b, decided about one person at a time. */
function bruteForce(heads: HeadScores, people: People, b: number, criterion: Criterion, slack: number) {
  const scores = [...heads.f].map((score, i) => score + b * heads.g[i]!);
  const cuts = [...new Set(scores)].sort((p, q) => p - q);
  const thresholds = [cuts[0]! - 1, ...cuts.slice(1).map((cut, k) => (cut + cuts[k]!) / 2), cuts.at(-1)! + 1];
  let best = -1;
  for (const threshold of thresholds) {
    const decisions = Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0));
    if (measureGaps(people, decisions, criterion).size > slack) continue;
    best = Math.max(best, measureDecisions(people, decisions).right);
  }
  return best;
}

const outcome = (heads: HeadScores, people: People, rule: HeadRule, criterion: Criterion) => {
  const decisions = decide(heads, rule);
  return {
    right: measureDecisions(people, decisions).right,
    size: measureGaps(people, decisions, criterion).size,
  };
};

describe('the search over f + b g + c', () => {
  it('has the best c for each b: as all cuts tried one by one', () => {
    fc.assert(
      fc.property(
        smallProblems,
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.constantFrom(...criteria),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ heads, people }, b, criterion, slack) => {
          const choice = slackChoice(searchCuts(heads, people, b, { criterion }), slack);
          expect(choice.met && choice.point.right).toBe(bruteForce(heads, people, b, criterion, slack));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('equals brute force over all cuts and a dense grid of b', () => {
    const half = 60;
    fc.assert(
      fc.property(
        smallProblems,
        fc.constantFrom(...criteria),
        fc.constantFrom(0, 0.05, 0.2),
        ({ heads, people }, criterion, slack) => {
          const { choices, front, tried } = searchHeads(heads, people, {
            criterion,
            slacks: [slack],
            half,
            refinements: 0,
          });
          const mean = heads.g.reduce((sum, g) => sum + g, 0) / people.count;
          const sd = Math.sqrt(heads.g.reduce((sum, g) => sum + (g - mean) ** 2, 0) / people.count);
          const reach = Math.max(...heads.f.map(Math.abs));
          let best = -1;
          for (let k = -half; k <= half; k++) {
            // The same floating-point steps, so that no tie of scores is lost.
            const b = k * (reach / half / sd);
            best = Math.max(best, bruteForce(heads, people, b, criterion, slack));
          }
          expect(tried).toBe(2 * half + 1);
          expect(requireMet(choices[0]!).right).toBe(best);
          expect(front.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('never breaks the slack on the people it was fitted to, and counts what its rules decide', () => {
    fc.assert(
      fc.property(smallProblems, fc.constantFrom(...criteria), ({ heads, people }, criterion) => {
        const { choices, front } = searchHeads(heads, people, { criterion, half: 8 });
        for (const choice of choices) {
          const { right, size } = outcome(heads, people, requireMet(choice), criterion);
          expect(size).toBeLessThanOrEqual(choice.slack);
          expect(right).toBe(requireMet(choice).right);
        }
        for (const [k, point] of front.entries()) {
          expect(outcome(heads, people, point, criterion)).toEqual({ right: point.right, size: point.size });
          if (k > 0) expect(point.size > front[k - 1]!.size && point.right > front[k - 1]!.right).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('decides alike about people of equal scores', () => {
    const people = describePeople(Uint8Array.of(1, 0, 1, 0, 1, 0), Uint8Array.of(0, 0, 0, 1, 1, 1));
    const heads = { f: new Float64Array(6).fill(2), g: new Float64Array(6).fill(1) };
    const { front, tried } = searchHeads(heads, people, { slacks: [0] });
    expect(tried).toBe(1);
    expect(front.map(({ right, size }) => [right, size])).toEqual([[3, 0]]);
  });

  it('never ends lower after a refinement', () => {
    for (const seed of [1, 2, 3]) {
      const { heads, people } = drawPeople(400, seed);
      const right = [0, 1, 2].map((refinements) => {
        const { choices } = searchHeads(heads, people, { slacks: [0.01], half: 15, refinements });
        return requireMet(choices[0]!).right;
      });
      expect(right).toEqual([...right].sort((p, q) => p - q));
    }
  });

  it('finds the fair rule of saturated logits, whose b is small', () => {
    const { heads, people } = drawPeople(4000, 5);
    const saturated = { f: heads.f.map((f) => Math.max(-25, Math.min(25, 12 * f))), g: heads.g };
    const [fair, free] = searchHeads(saturated, people, {
      slacks: [0.01, Number.POSITIVE_INFINITY],
    }).choices.map(requireMet);
    const single = slackChoice(searchCuts(saturated, people, 0), 0.01);
    expect(fair!.accuracy).toBeGreaterThan(free!.accuracy - 0.08);
    expect(fair!.accuracy).toBeGreaterThan(requireMet(single).accuracy + 0.1);
    expect(fair!.b).toBeLessThan(0);
  });

  it('turns b and the gap around where the groups change names (check 8)', () => {
    const { heads, people } = drawPeople(500, 7);
    const turned = describePeople(
      people.y,
      people.a.map((a) => 1 - a),
    );
    const mirrored = { f: heads.f, g: heads.g.map((g) => 1 - g) };
    const options = { slacks: [0.02] };
    const before = requireMet(searchHeads(heads, people, options).choices[0]!);
    const after = requireMet(searchHeads(mirrored, turned, options).choices[0]!);
    expect(after.b).toBeCloseTo(-before.b, 9);
    expect(after.c).toBeCloseTo(before.c + before.b, 6);
    expect(after).toMatchObject({ right: before.right, size: before.size });
    const [there, here] = [
      measureDecisions(turned, decide(mirrored, after)),
      measureDecisions(people, decide(heads, before)),
    ];
    expect(there.ddp).toBe(-here.ddp);
  });

  it('names the nearest rule where nothing meets the slack', () => {
    const people = describePeople(Uint8Array.of(0, 0, 1, 1), Uint8Array.of(0, 0, 1, 1));
    const heads = { f: Float64Array.of(-2, -1, 1, 2), g: new Float64Array(4) };
    const { choices } = searchHeads(heads, people, { slacks: [0.1], constants: false });
    expect(choices[0]).toMatchObject({ met: false, nearest: { size: 0.5, right: 3 } });
    const code = 'E_SLACK_UNREACHABLE' satisfies HeldoutError['code'];
    expect(() => requireMet(choices[0]!)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('0.500') }),
    );
  });

  it('refuses scores that are not finite and people of one group', () => {
    const people = describePeople(Uint8Array.of(0, 1), Uint8Array.of(0, 1));
    const heads = { f: Float64Array.of(Number.NaN, 1), g: new Float64Array(2) };
    expect(() => searchHeads(heads, people)).toThrow(expect.objectContaining({ code: 'E_SCORE_NOT_FINITE' }));
    expect(() => describePeople(Uint8Array.of(0, 1), Uint8Array.of(1, 1))).toThrow(
      expect.objectContaining({ code: 'E_GROUP_ABSENT' }),
    );
    expect(() => searchHeads({ f: heads.g, g: heads.g }, people, { criterion: 'equal_opportunity' })).toThrow(
      expect.objectContaining({ code: 'E_RATE_UNDEFINED' }),
    );
  });
});

it('spaces slacks as the paper does', () => {
  const slacks = spaceSlacks(0.211);
  expect(slacks).toHaveLength(21);
  expect(slacks[0]).toBe(0.001);
  expect(slacks.at(-1)).toBeCloseTo(0.201, 12);
  expect(spaceSlacks(0)).toEqual([0.001]);
});
