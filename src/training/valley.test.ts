import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findValley } from './valley.js';

interface Case {
  readonly name: string;
  readonly losses: readonly number[];
  readonly paper: readonly number[];
  readonly faithful: readonly number[];
  readonly corrected: readonly number[];
}

const { swad } = JSON.parse(
  readFileSync(new URL('../objectives/testing/adaptations-golden.json', import.meta.url), 'utf8'),
) as { readonly swad: readonly Case[] };

describe.each(['paper', 'faithful', 'corrected'] as const)('a valley of losses, %s', (rule) => {
  const options = { rule, converge: 3, tolerance: 6, ratio: 0.3 };

  it.each(swad.map((one) => [one.name, one] as const))('has the segments of the reference: %s', (_, one) => {
    expect(findValley(one.losses, options)).toEqual(one[rule]);
  });

  it('needs nothing later that was neither in it nor among the last looks', () => {
    for (const { losses } of swad) {
      const last = findValley(losses, options);
      for (let seen = 1; seen <= losses.length; seen++) {
        const kept = new Set(findValley(losses.slice(0, seen), options));
        for (let back = Math.max(0, seen - 6); back < seen; back++) kept.add(back);
        expect([...kept]).toEqual(expect.arrayContaining(last.filter((segment) => segment < seen)));
      }
    }
  });
});
