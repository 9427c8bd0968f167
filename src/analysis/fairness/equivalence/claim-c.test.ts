import { describe, expect, it } from 'vitest';
import { shuffle } from '../../../random/draw.js';
import { drawFloat24, stream } from '../../../random/stream.js';
import type { People } from '../people.js';
import { drawNormal, drawPeople } from '../testing/populations.js';
import { agreementOf, approximateFair } from './approximation.js';
import { decideByLine, fitLine } from './line.js';
import { testNonInferiority } from './non-inferiority.js';
import { recoverUnfair } from './recovery.js';

describe('a line through columns', () => {
  it('fits the two-valued case in closed form', () => {
    const x = [Float64Array.from({ length: 100 }, (_, i) => i % 2)];
    const decisions = Uint8Array.from({ length: 100 }, (_, i) =>
      i % 2 === 0 ? (i < 20 ? 1 : 0) : i < 80 ? 1 : 0,
    );
    const { weights, intercept } = fitLine(x, decisions, 1e-9);
    expect(intercept).toBeCloseTo(Math.log(0.2 / 0.8), 6);
    expect(intercept + weights[0]!).toBeCloseTo(Math.log(0.8 / 0.2), 6);
  });

  it('tells decisions that can be told, and leaves out what does not vary', () => {
    const columns = [Float64Array.from({ length: 50 }, (_, i) => i - 20.5), new Float64Array(50).fill(7)];
    const decisions = Uint8Array.from(columns[0]!, (v) => (v > 0 ? 1 : 0));
    const fitted = fitLine(columns, decisions);
    expect(fitted.weights[1]).toBe(0);
    expect(decideByLine(fitted, columns)).toEqual(decisions);
    for (const alike of [0, 1]) {
      expect(decideByLine(fitLine(columns, decisions.fill(alike)), columns)).toEqual(decisions.fill(alike));
    }
  });
});

/** A fair net that decides by a fair score of f and g, with noise of its own. */
function drawFair(count: number, seed: number) {
  const { heads, people } = drawPeople(count, seed, { share: 0.4, shift: 0.5, blur: 0.1 });
  const source = stream(seed, 'fair');
  const phi = heads.f.map((f, i) => 1.3 * (f - people.a[i]! + 0.4 + 0.05 * drawNormal(source)));
  return { heads, people, phi, a: people.y.map((_, i) => people.a[i]!) };
}

describe('claim C on a fair net made of the heads', () => {
  const [fit, test] = [drawFair(3000, 1), drawFair(3000, 2)];

  it('C1: both heads approximate its decisions, f alone does not', () => {
    const found = approximateFair(fit, test);
    expect(found.bothHeads.share).toBeGreaterThan(0.95);
    expect(found.trueGroup.share).toBeGreaterThan(0.95);
    expect(found.bothHeads.share - found.offset.share).toBeGreaterThan(0.08);
    expect(found.raw.share).toBeLessThan(0.9);
    expect(found.ratio).toBeLessThan(-0.8);
    expect(found.bothHeads.each.reduce((sum, same) => sum + same, 0) / 3000).toBe(found.bothHeads.share);
  });

  it('C2: the group head brings accuracy and gap back, an offset does not', () => {
    const set = ({ heads, phi, people }: typeof fit): { heads: typeof heads; people: People } => ({
      heads: { f: phi, g: heads.g },
      people,
    });
    const { fair, offset, withHead } = recoverUnfair(set(fit), set(test));
    expect(withHead.measured.accuracy).toBeGreaterThan(fair.measured.accuracy + 0.03);
    expect(withHead.measured.accuracy).toBeGreaterThan(offset.measured.accuracy + 0.03);
    expect(withHead.rule.b).toBeGreaterThan(0);
    expect(withHead.measured.ddp).toBeGreaterThan(0.25);
    expect(Math.abs(fair.measured.ddp)).toBeLessThan(0.05);
    expect(offset.rule.b).toBe(0);
  });

  it('a head of shuffled groups gains nothing (the control)', () => {
    const shuffled = (set: typeof fit, seed: number) => {
      const g = shuffle(stream(seed, 'shuffled'), set.heads.g.slice());
      return { ...set, heads: { f: set.heads.f, g } };
    };
    const found = approximateFair(shuffled(fit, 1), shuffled(test, 2));
    expect(found.bothHeads.share - found.offset.share).toBeLessThan(0.005);
  });
});

describe('non-inferiority to retraining', () => {
  const block = (count: number, seed: number, gain: number, first = 0) => {
    const source = stream(seed, 'agreement');
    const flags = (share: number) =>
      Uint8Array.from({ length: count }, () => (drawFloat24(source) < share ? 1 : 0));
    return {
      people: Uint32Array.from({ length: count }, (_, i) => first + i),
      approximation: flags(0.95 + gain),
      ceiling: flags(0.95),
    };
  };

  it('is the paired error over people, with seeds taken out', () => {
    const [one, two] = [block(400, 1, 0), block(500, 2, 0.02, 1000)];
    const found = testNonInferiority([one, two]);
    const parts = [one, two].map(({ approximation, ceiling }) => {
      const d = Array.from(approximation, (same, i) => same - ceiling[i]!);
      const mean = d.reduce((sum, v) => sum + v, 0) / d.length;
      return { mean, error: d.reduce((sum, v) => sum + (v - mean) ** 2, 0) / d.length ** 2 };
    });
    expect(found.difference).toBeCloseTo((parts[0]!.mean + parts[1]!.mean) / 2, 12);
    const error = Math.sqrt((parts[0]!.error + parts[1]!.error) / 4);
    expect((found.difference - found.lowerLimit) / error).toBeCloseTo(1.646, 2);
    expect(found.perSeed).toEqual(parts.map(({ mean }) => mean));
  });

  it('counts a person of several seeds once', () => {
    const one = block(400, 1, 0);
    const single = testNonInferiority([one]);
    const thrice = testNonInferiority([one, one, one]);
    expect(thrice.lowerLimit).toBeCloseTo(single.lowerLimit, 10);
  });

  it('holds only where the limit lies above the margin', () => {
    expect(testNonInferiority([block(9000, 3, 0.0)]).holds).toBe(true);
    expect(testNonInferiority([block(9000, 4, -0.03)]).holds).toBe(false);
    // Too few people to tell.
    expect(testNonInferiority([block(60, 5, 0)]).holds).toBe(false);
  });

  it('covers the true difference as often as it says', () => {
    let below = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { lowerLimit } = testNonInferiority([block(200, 100 + seed, 0), block(200, 900 + seed, 0, 500)]);
      if (lowerLimit < 0) below += 1;
    }
    expect(below / 400).toBeGreaterThan(0.925);
    expect(below / 400).toBeLessThan(0.98);
  });
});

it('agreement is a share of the same people', () => {
  expect(agreementOf(Uint8Array.of(1, 0, 1), Uint8Array.of(1, 1, 1)).share).toBe(2 / 3);
  expect(() => agreementOf(Uint8Array.of(1), Uint8Array.of(1, 0))).toThrow(RangeError);
});
