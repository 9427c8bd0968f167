import { describe, expect, it } from 'vitest';
import { chooseSum } from './choose-sum.js';
import { describePeople, type People } from './people.js';
import { decideGroups, type GroupHeadScores } from './search/group-rules.js';
import { searchHeads } from './search/search.js';
import { drawPeople, positiveRates, usualPopulation } from './testing/populations.js';

const request = { within: 0.05, criterion: 'demographic_parity', seed: 0 } as const;
const headsOf = ({ heads: { f, g } }: ReturnType<typeof drawPeople>): GroupHeadScores => ({ f, g: [g] });

describe('the sum of heads that is merged', () => {
  it('is the most accurate one within the gap', () => {
    const drawn = drawPeople(600, 3);
    const chosen = chooseSum(headsOf(drawn), drawn.people, request);
    const [best] = searchHeads(drawn.heads, drawn.people, { slacks: [0.05], constants: false }).choices;
    expect(best).toMatchObject({ met: true, point: { accuracy: chosen.accuracy, size: chosen.size } });
    expect(chosen.size).toBeLessThanOrEqual(0.05);
    expect(chosen.certificate).toBeUndefined();
  });

  it('decides about one at least as about another, or is refused with the nearest', () => {
    const drawn = drawPeople(200, 4);
    const chosen = chooseSum(headsOf(drawn), drawn.people, { ...request, within: 0.01 });
    const decisions = decideGroups(headsOf(drawn), chosen.rule);
    expect(new Set(decisions).size).toBe(2);
    const people = describePeople(Uint8Array.of(0, 1, 1, 0), Uint8Array.of(0, 0, 1, 1));
    const refusal = (g: Float64Array) => {
      try {
        return chooseSum({ f: Float64Array.of(0, 1, 1, 1), g: [g] }, people, { ...request, within: 0.2 });
      } catch (error) {
        return error;
      }
    };
    expect(refusal(Float64Array.of(0, 1, 1, 1))).toMatchObject({
      code: 'E_MERGE_SLACK',
      message: expect.stringContaining('the nearest has 0.5, at accuracy 0.7500'),
      hints: ['type within=0.5'],
    });
    expect(() => chooseSum({ f: new Float64Array(4), g: [new Float64Array(4)] }, people, request)).toThrow(
      'every rule decides alike about everybody',
    );
  });

  it('holds in the population where it is certified', () => {
    const drawn = drawPeople(8000, 5);
    const certified = { ...request, within: 0.1, certify: 0.95 };
    const { rule, certificate, people } = chooseSum(headsOf(drawn), drawn.people, certified);
    expect(people + certificate!.people).toBe(8000);
    expect(certificate!.bound).toBeLessThanOrEqual(0.1);
    const [zero, one] = positiveRates(usualPopulation, { b: -rule.t[0]!, c: rule.c });
    expect(Math.abs(one - zero)).toBeLessThan(0.1);
  });

  it('says how many people a certificate takes', () => {
    const drawn = drawPeople(300, 6);
    const act = () => chooseSum(headsOf(drawn), drawn.people, { ...request, certify: 0.95 });
    expect(act).toThrow(
      /no gap of at most 0\.05 can be certified with 95 % confidence; .* among the 150 .* it takes about \d{4} people/,
    );
  });

  it('has a head for each of more groups, and then no certificate', () => {
    const { heads, people } = threeGroups();
    const chosen = chooseSum(heads, people, request);
    expect(chosen.rule.t).toHaveLength(3);
    expect(chosen.size).toBeLessThanOrEqual(0.05);
    const act = () => chooseSum(heads, people, { ...request, certify: 0.95 });
    expect(act).toThrow(expect.objectContaining({ code: 'E_MERGE_GROUPS', exitCode: 2 }));
  });
});

/** Merit is larger in later groups, which the heads tell with some noise. */
function threeGroups(): { readonly heads: GroupHeadScores; readonly people: People } {
  const { heads, people } = drawPeople(400, 7);
  const a = Uint16Array.from(people.a, (group, i) => (group === 1 && i % 2 === 0 ? 2 : group));
  const g = [0, 1, 2].map((level) =>
    Float64Array.from(a, (group, i) => (group === level ? 1 : 0) + 0.1 * Math.sin(i + level)),
  );
  return { heads: { f: heads.f, g }, people: describePeople(people.y, a, 3) };
}
