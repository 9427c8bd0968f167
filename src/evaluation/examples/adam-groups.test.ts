import { describe, expect, it } from 'vitest';
import { fillNormal } from '../../random/draw.js';
import { stream } from '../../random/stream.js';
import { followMemberships, inferGroupsByAdam } from './adam-groups.js';
import { createScores, scoreLogits } from './example-scores.js';
import { groupDisparity, inferGroups } from './inferred-groups.js';
import golden from './testing/eiil.json' with { type: 'json' };

/** As in `scripts/golden/eiil.py`. */
const uniform = (i: number, k: number) => ((7919 * i + 104729 * k + 12345) % 65537) / 65537;

/** Logits of a network that is right more often than not. */
function drawScores(examples: number, classes: number, seed: number) {
  const source = stream(seed, 'logits');
  const scores = createScores(examples);
  const logits = new Float32Array(classes);
  for (let at = 0; at < examples; at++) {
    fillNormal(source, logits);
    const truth = at % classes;
    logits[truth]! += 1;
    scoreLogits(scores, at, logits, truth);
  }
  return scores;
}

/** What environment inference maximises, of groups. */
function objectiveOf(slope: Float64Array, group: Uint8Array): number {
  const sums = [0, 0];
  for (const [at, value] of slope.entries()) sums[group[at]!]! += value / slope.length;
  return (sums[0]! ** 2 + sums[1]! ** 2) / 2;
}

/** Share of examples that stand together as in the other grouping, whatever the two groups are called. */
function agreementOf(one: Uint8Array, other: Uint8Array): number {
  const same = one.reduce((count, value, at) => count + (value === other[at] ? 1 : 0), 0) / one.length;
  return Math.max(same, 1 - same);
}

describe('environment inference by Adam', () => {
  it("makes PyTorch's updates", () => {
    const scores = createScores(golden.examples);
    for (let at = 0; at < golden.examples; at++) {
      const logits = Float64Array.from({ length: golden.classes }, (_, k) => 3 * (2 * uniform(at, k) - 1));
      scoreLogits(scores, at, logits, (5 * at) % golden.classes);
    }
    const start = Float64Array.from({ length: golden.examples }, (_, at) => 2 * (2 * uniform(at, 9) - 1));
    const { steps, rate } = golden;
    const found = followMemberships(scores.slope, start, { steps, learning_rate: rate });
    const furthest = found.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - golden.memberships[at]!)),
      0,
    );
    expect(furthest).toBeLessThan(1e-9);
  });

  it('comes to the groups of the closed form: 500 examples of four classes, 10,000 updates', () => {
    const scores = drawScores(500, 4, 1);
    const exact = inferGroups(scores);
    const found = inferGroupsByAdam(scores, 0);
    expect(agreementOf(found, exact)).toBe(1);
    expect(groupDisparity(scores.answer, found)).toBeCloseTo(groupDisparity(scores.answer, exact), 12);
  });

  it('is nearer to the maximum the more updates it makes, and never above', () => {
    const scores = drawScores(600, 10, 2);
    const best = objectiveOf(scores.slope, inferGroups(scores));
    const reached = [0, 500, 2000, 5000].map(
      (steps) => objectiveOf(scores.slope, inferGroupsByAdam(scores, 3, { steps })) / best,
    );
    expect(reached).toEqual([...reached].sort((a, b) => a - b));
    expect(reached[0]).toBeLessThan(0.8);
    expect(reached.at(-1)).toBeGreaterThan(0.99);
    expect(reached.at(-1)).toBeLessThanOrEqual(1 + 1e-12);
  });

  it('draws where it starts from a seed', () => {
    const scores = drawScores(50, 3, 4);
    const few = { steps: 10 };
    expect(inferGroupsByAdam(scores, 1, few)).toEqual(inferGroupsByAdam(scores, 1, few));
    expect(inferGroupsByAdam(scores, 1, few)).not.toEqual(inferGroupsByAdam(scores, 2, few));
  });
});
