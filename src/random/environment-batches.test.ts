import { describe, expect, it } from 'vitest';
import { drawFromEnvironments, takeEnvironments } from './environment-batches.js';

const environments = [Uint32Array.of(3, 5, 8), Uint32Array.of(1, 2)];

describe('batches of environments', () => {
  it('have as many examples of each, one environment after the other', () => {
    const batches = drawFromEnvironments(environments, 4, 7);
    const counts = new Map<number, number>();
    for (let step = 0; step < 300; step++) {
      const batch = batches(step);
      expect(batch).toHaveLength(8);
      for (const [at, example] of batch.entries()) {
        expect(environments[at < 4 ? 0 : 1]).toContain(example);
        counts.set(example, (counts.get(example) ?? 0) + 1);
      }
    }
    for (const [size, examples] of [
      [3, environments[0]!],
      [2, environments[1]!],
    ] as const) {
      for (const example of examples) expect(counts.get(example)! / (1200 / size)).toBeCloseTo(1, 0);
    }
  });

  it('follow from the seed and the step alone', () => {
    const batches = drawFromEnvironments(environments, 4, 7);
    const later = batches(3);
    expect(drawFromEnvironments(environments, 4, 7)(3)).toEqual(later);
    expect(drawFromEnvironments(environments, 4, 8)(3)).not.toEqual(later);
  });

  it('may be all of them at every step', () => {
    expect([...takeEnvironments(environments)(12)]).toEqual([3, 5, 8, 1, 2]);
  });
});
