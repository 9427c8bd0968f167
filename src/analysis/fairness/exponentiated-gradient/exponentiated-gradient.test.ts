import { describe, expect, it } from 'vitest';
import { numbers } from '../../../models/testing/golden.js';
import { exponentiatedGradient } from './exponentiated-gradient.js';
import { createLogisticLearner, type Learner } from './learner.js';
import { createMoments, type ParityConstraint, type People, toEpsilon } from './moments.js';

const kinds = 5;
const everyRule = Array.from({ length: 2 ** kinds }, (_, rule) => rule);

/** People of five kinds, which are all that is known of them; group and class depend on the kind. */
function makePeople(seed: number, count = 240): People & { readonly kind: Uint8Array } {
  const kind = Uint8Array.from(numbers(seed, count), (u) => Math.floor(kinds * u));
  const groups = Uint16Array.from(numbers(seed + 1, count), (u, at) => (u < 0.15 + 0.17 * kind[at]! ? 1 : 0));
  const chances = numbers(seed + 2, kinds);
  const target = Uint8Array.from(numbers(seed + 3, count), (u, at) =>
    u < 0.5 * chances[kind[at]!]! + 0.1 * kind[at]! ? 1 : 0,
  );
  return { kind, groups, target };
}

const asFeatures = (kind: Uint8Array) => ({
  data: Float32Array.from({ length: kind.length * kinds }, (_, at) =>
    kind[Math.floor(at / kinds)] === at % kinds ? 1 : 0,
  ),
  rows: kind.length,
  columns: kinds,
});
const follow = (rule: number, kind: Uint8Array) => Uint8Array.from(kind, (one) => (rule >> one) & 1);

/** Answers with the rule that costs least, of all there are. */
function exactLearner(kind: Uint8Array): Learner {
  return (labels, weights) => {
    const gain = new Float64Array(kinds);
    for (const [person, one] of kind.entries()) gain[one]! += weights[person]! * (2 * labels[person]! - 1);
    const rule = everyRule.find((each) =>
      gain.every((value, one) => ((each >> one) & 1) === (value > 0 ? 1 : 0)),
    )!;
    return () => follow(rule, kind);
  };
}

/**
 * The least error of a randomised rule within the constraint: the largest value of the dual, over multipliers of the
 * difference between both groups in every event, on a grid that is refined around its best.
 */
function bruteForce(
  constraint: ParityConstraint,
  people: ReturnType<typeof makePeople>,
  epsilon: number,
): number {
  const { names, measure } = createMoments(constraint, people);
  const rules = everyRule.map((rule) => {
    const decisions = follow(rule, people.kind);
    const wrong = decisions.filter((decision, at) => decision !== people.target[at]).length;
    return { error: wrong / people.target.length, differences: measure(decisions) };
  });
  // The two groups of an event differ from its mean by opposite amounts, one of them by more.
  const events = names.length / 2;
  const dual = (multipliers: readonly number[]) => {
    const prices = multipliers.flatMap((m) => [m, -m]);
    const least = Math.min(
      ...rules.map(({ error, differences }) =>
        prices.reduce((sum, m, at) => sum + m * differences[at]!, error),
      ),
    );
    const largest = (event: number) => {
      const rule = rules.find(({ differences }) => Math.abs(differences[2 * event]!) > 1e-9);
      const [one, other] = [rule?.differences[2 * event] ?? 0, rule?.differences[2 * event + 1] ?? 0];
      return (Math.abs(one) + Math.abs(other)) / Math.max(Math.abs(one), Math.abs(other));
    };
    return multipliers.reduce((value, m, event) => value - Math.abs(m) * epsilon * largest(event), least);
  };
  let center = Array<number>(events).fill(0);
  let best = dual(center);
  for (let width = 4; width > 1e-4; width /= 3) {
    const steps = Array.from({ length: 13 }, (_, at) => (width * (at - 6)) / 6);
    const around = center;
    const points = steps.flatMap((x) =>
      events === 1 ? [[around[0]! + x]] : steps.map((y) => [around[0]! + x, around[1]! + y]),
    );
    for (const point of points) {
      const value = dual(point);
      if (value > best) [best, center] = [value, point];
    }
  }
  return best;
}

describe('the reductions approach', () => {
  it.each(['demographic_parity', 'equalised_odds'] as const)(
    'derivatives of %s are those of its differences',
    (constraint) => {
      const people = makePeople(40, 60);
      const { names, measure, addDerivatives } = createMoments(constraint, people);
      const decisions = numbers(99, 60);
      for (const [at] of names.entries()) {
        const costs = new Float64Array(60);
        addDerivatives(
          Float64Array.from(names, (_, each) => (each === at ? 1 : 0)),
          costs,
        );
        for (const person of [0, 7, 31]) {
          const moved = measure(decisions.map((value, each) => value + (each === person ? 1 : 0)));
          expect(moved[at]! - measure(decisions)[at]!).toBeCloseTo(costs[person]!, 12);
        }
      }
    },
  );

  const cases = ([11, 31, 41] as const).flatMap((seed) =>
    (['demographic_parity', 'equalised_odds'] as const).map((constraint) => [constraint, seed] as const),
  );
  it.each(cases)(
    'with %s and an exact learner comes near the constrained optimum, problem %i',
    async (constraint, seed) => {
      const people = makePeople(seed);
      const features = asFeatures(people.kind);
      const epsilon = 0.02;
      const optimum = bruteForce(constraint, people, epsilon);
      const plain = bruteForce(constraint, people, 1);
      expect(optimum).toBeGreaterThan(plain + 0.001);
      const options = { constraint, epsilon, tolerance: 0.002 };
      for (const learner of [exactLearner(people.kind), createLogisticLearner(features, 1e-6)]) {
        const found = await exponentiatedGradient(features, people, { ...options, learner });
        expect(found.converged).toBe(true);
        expect(Math.abs(found.error - optimum)).toBeLessThan(0.003);
        for (const difference of Object.values(found.differences))
          expect(Math.abs(difference)).toBeLessThan(epsilon + 1e-6);
        const wrong = found.classifier
          .decide(features)
          .map((rate, at) => Math.abs(rate - people.target[at]!));
        expect(wrong.reduce((sum, one) => sum + one, 0) / wrong.length).toBeCloseTo(found.error, 9);
        expect(found.classifier.members.length).toBeGreaterThan(1);
      }
    },
  );

  it.each(['demographic_parity', 'equalised_odds'] as const)(
    'keeps two groups within a slack by the epsilon of %s',
    (constraint) => {
      const people = makePeople(50, 400);
      const { names, measure } = createMoments(constraint, people);
      const epsilon = toEpsilon(0.1, constraint, people);
      // All that a group can be ahead in one event where its rate is as far from that of all as may be.
      for (let event = 0; event < names.length / 2; event++) {
        const decisions = Float64Array.from(people.groups, (group, at) =>
          constraint === 'demographic_parity' || people.target[at] === event ? group : 0,
        );
        const [zero, one] = measure(decisions).slice(2 * event);
        const largest = Math.max(Math.abs(zero!), Math.abs(one!));
        const gap = (epsilon / largest) * (one! - zero!);
        expect(gap).toBeLessThanOrEqual(0.1 + 1e-12);
        if (constraint === 'demographic_parity') expect(gap).toBeCloseTo(0.1, 12);
      }
      const more = { ...people, groups: people.groups.map((group, at) => group + (at % 2)) };
      expect(toEpsilon(0.1, constraint, more)).toBe(0.05);
    },
  );
});
