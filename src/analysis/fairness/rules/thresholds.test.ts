import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../decisions.js';
import { mergeGroupHeads, mergeHeads, moveHead } from './merge-heads.js';
import { boundThresholds, decideByGroup, toHeadRule, toThresholds } from './thresholds.js';

const number = (size: number) => fc.double({ min: -size, max: size, noNaN: true });

describe('thresholds and sums of heads', () => {
  it('say the same where g has two values (check 4)', () => {
    const values = fc.tuple(number(5), number(5)).filter(([g0, g1]) => Math.abs(g0 - g1) > 0.1);
    const people = fc.array(fc.record({ f: number(20), a: fc.nat(1) }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(number(10), number(10), values, people, (t0, t1, [g0, g1], drawn) => {
        // Nobody stands on a threshold to within rounding.
        const standing = drawn.filter(({ f, a }) => Math.abs(f - (a === 1 ? t1 : t0)) > 1e-9);
        const f = Float64Array.from(standing, (person) => person.f);
        const a = Uint8Array.from(standing, (person) => person.a);
        const rule = toHeadRule([t0, t1], [g0, g1]);
        const back = toThresholds(rule, [g0, g1]);
        expect(back[0]).toBeCloseTo(t0, 9);
        expect(back[1]).toBeCloseTo(t1, 9);
        const g = Float64Array.from(a, (group) => (group === 1 ? g1 : g0));
        expect(decide({ f, g }, rule)).toEqual(decideByGroup(f, a, [t0, t1]));
        expect(decideByGroup(f, a, back)).toEqual(decideByGroup(f, a, [t0, t1]));
      }),
    );
  });

  it('need finite thresholds and a head that tells groups apart', () => {
    const error = expect.objectContaining({ code: 'E_THRESHOLDS_NOT_LINEAR' });
    expect(() => toHeadRule([0, Number.POSITIVE_INFINITY], [0, 1])).toThrow(error);
    expect(() => toHeadRule([0, 1], [1, 1])).toThrow(error);
    const f = Float64Array.of(-3, 4);
    const bounded = boundThresholds([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], f);
    expect(bounded).toEqual([-4, 5]);
    expect(decideByGroup(f, Uint8Array.of(0, 1), bounded)).toEqual(Uint8Array.of(1, 0));
  });
});

describe('the merged row', () => {
  const row = (width: number) =>
    fc.tuple(fc.array(number(2), { minLength: width, maxLength: width }), number(2));
  const output = (weights: ArrayLike<number>, bias: number, hidden: readonly number[]) =>
    hidden.reduce((sum, h, i) => sum + h * weights[i]!, bias);

  it('gives f + b g + c on every hidden layer (check 2)', () => {
    fc.assert(
      fc.property(
        row(12),
        row(12),
        number(3),
        number(3),
        fc.array(number(4), { minLength: 12, maxLength: 12 }),
        ([wf, bf], [wg, bg], b, c, hidden) => {
          const target = { weights: Float32Array.from(wf), bias: bf };
          const group = { weights: Float32Array.from(wg), bias: bg };
          const merged = mergeHeads(target, group, { b, c });
          const sum = output(target.weights, bf, hidden) + b * output(group.weights, bg, hidden) + c;
          expect(Math.abs(output(merged.weights, merged.bias, hidden) - sum)).toBeLessThan(1e-11);
          const stored = output(Float32Array.from(merged.weights), Math.fround(merged.bias), hidden);
          expect(Math.abs(stored - sum)).toBeLessThan(1e-4);
        },
      ),
    );
  });

  it('takes thresholds off where there is a head for each group', () => {
    const head = (weights: number[], bias: number) => ({ weights: Float64Array.from(weights), bias });
    const merged = mergeGroupHeads(head([1, 2], 3), [head([1, 0], 1), head([0, 1], -1)], [2, -3], 0.5);
    expect([...merged.weights]).toEqual([-1, 5]);
    expect(merged.bias).toBe(3 + 0.5 - 2 - 3);
    expect(() => mergeGroupHeads(head([1], 0), [head([1, 2], 0)], [1], 0)).toThrow(RangeError);
  });

  it('moves with the zero of the group head', () => {
    const rule = { b: -2, c: 0.7 };
    const moved = moveHead(rule, 0.5);
    const f = Float64Array.of(0.4, 1.5, -3);
    const g = Float64Array.of(0.1, 0.9, -1);
    expect(decide({ f, g }, moved)).toEqual(decide({ f, g: g.map((value) => value - 0.5) }, rule));
    expect(moved.c).toBeCloseTo(1.7, 12);
  });
});
