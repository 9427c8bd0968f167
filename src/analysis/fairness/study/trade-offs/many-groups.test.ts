import { describe, expect, it } from 'vitest';
import { measureDecisions } from '../../decisions.js';
import { drawArms } from '../../testing/scored-groups.js';
import { certifyWithin } from './certified.js';
import { traceTradeOffs } from './trade-offs.js';
import { chooseWithinGaps } from './within-gaps.js';

const three = drawArms([-0.6, 0, 0.6], 420);

describe('a study of three groups', () => {
  it('searches a head for each of them, thresholds of predicted ones and of true ones', () => {
    const points = traceTradeOffs(three);
    for (const method of ['two heads', 'thresholds of predicted groups', 'thresholds of true groups']) {
      const own = points.filter((point) => point.method === method);
      expect(own.map(({ setting }) => setting)).toEqual(['gap ≤ 0.01', 'gap ≤ 0.05', 'gap ≤ 0.1']);
      for (const { setting, seeds } of own) {
        for (const { validation, test } of seeds) {
          expect(validation.ddp).toBeLessThanOrEqual(Number(setting.slice('gap ≤ '.length)));
          expect(test.ddp).toBeGreaterThanOrEqual(0);
        }
      }
    }
    const within = chooseWithinGaps(points);
    const at = (method: string) => within.find((one) => one.method === method && one.gap === 0.05)!;
    expect(at('two heads').accuracy.mean).toBeGreaterThan(at('one threshold').accuracy.mean + 0.05);
    expect(at('two heads').ddp.mean).toBeLessThan(0.15);
  });
});

describe('rules of a study that are certified', () => {
  it('keep to their limit at test, and say where people are too few', () => {
    const arms = drawArms([-0.5, 0.5], 12_000).slice(1);
    const points = traceTradeOffs(arms).filter(({ method }) => method === 'two heads, certified');
    expect(points.map(({ bound, seeds }) => [bound, seeds.length])).toEqual([
      [0.05, 1],
      [0.1, 2],
    ]);
    const found = certifyWithin(arms, [0.01]);
    for (const { decideOn, refused: facts, people } of found) {
      expect(decideOn).toBeUndefined();
      expect(people).toBe(6000);
      expect(facts!.needed).toBeGreaterThan(50_000);
      expect(facts!.bound).toBeGreaterThan(0.01);
    }
    const within = chooseWithinGaps(traceTradeOffs(arms));
    const certified = within.filter(({ method }) => method === 'two heads, certified');
    expect(certified.map(({ gap, met, seeds }) => [gap, met, seeds])).toEqual([
      [0.05, 1, 2],
      [0.1, 2, 2],
    ]);
    for (const { gap, accuracy } of certified) {
      const free = within.find((one) => one.method === 'two heads' && one.gap === gap)!;
      expect(accuracy.mean).toBeLessThan(free.accuracy.mean + 0.005);
    }
  });

  it('are found of three groups, too', () => {
    const arms = drawArms([-0.4, 0, 0.4], 1800).slice(1);
    for (const { run, decideOn } of certifyWithin(arms, [0.3])) {
      expect(decideOn).toBeDefined();
      const { ddp, accuracy } = measureDecisions(run.test.people, decideOn!(run.test));
      expect(ddp).toBeLessThanOrEqual(0.3);
      expect(accuracy).toBeGreaterThan(0.65);
    }
  });
});
