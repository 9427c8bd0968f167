import { describe, expect, it } from 'vitest';
import type { NamedArrays } from '../../engine/engine.js';
import { readLinks } from '../../models/nac/pruning/read-links.js';
import { chooseByValidation } from './choose-by-validation.js';
import { requireLinks, warnOfIsolation } from './isolation.js';
import { listNets, type Net } from './nets.js';
import type { Scorer } from './score-nets.js';

const whole: Net = { order: 'whole', draw: 0, kept: Uint32Array.from({ length: 6 }, (_, at) => at) };
const degrees = Float64Array.of(6, 5, 4, 3, 2, 1);
const list = (order: 'degree' | 'random') => (counts: readonly number[]) =>
  listNets({ order, processors: 6, degrees, seed: 0, draws: 8 }, counts);

/** Scores that depend on the number of processors alone. */
const scorerOf = (
  values: Readonly<Record<number, number>>,
  sets: readonly string[] = ['validation', 'iid'],
): Scorer => ({
  sets,
  score: async (nets, chosen = sets) =>
    chosen.map((set) => ({ set, n: 10, values: nets.map(({ kept }) => values[kept.length]!) })),
});

describe('a size that is chosen on validation', () => {
  const falling = { 6: 0.9, 5: 0.9, 4: 0.88, 3: 0.86, 2: 0.89, 1: 0.5 };

  it('is the smallest before the first that loses too much', async () => {
    expect(await chooseByValidation(scorerOf(falling), whole, list('degree'), 0.03)).toEqual({
      kept: 4,
      warnings: [],
    });
    expect((await chooseByValidation(scorerOf(falling), whole, list('random'), 0.05)).kept).toBe(2);
    expect((await chooseByValidation(scorerOf(falling), whole, list('degree'), 0.5)).kept).toBe(1);
  });

  it('is the whole circuit, with a warning, where every smaller one loses too much', async () => {
    const { kept, warnings } = await chooseByValidation(
      scorerOf({ ...falling, 5: 0.7 }),
      whole,
      list('degree'),
      0.01,
    );
    expect(kept).toBe(6);
    expect(warnings[0]).toContain('all 6 processors stay');
  });

  it('needs the set', async () => {
    const scorer = scorerOf(falling, ['test']);
    await expect(chooseByValidation(scorer, whole, list('degree'), 0.01)).rejects.toMatchObject({
      code: 'E_PRUNE_VALIDATION',
      exitCode: 2,
    });
  });
});

describe('links that are not there', () => {
  const parameters: NamedArrays = {
    'design/processors/signatures': { shape: [3, 2], data: Float32Array.of(1, 0, 1, 0.1, 0, 1) },
  };
  const codeOf = (act: () => void) => {
    try {
      act();
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('make an order by degree impossible', () => {
    expect(codeOf(() => requireLinks(undefined, ['random', 'degree'], 'a'))).toBe('E_PRUNE_ORDER');
    expect(codeOf(() => requireLinks(readLinks(parameters, 1e-6), ['degree'], 'a'))).toBe('E_PRUNE_ISOLATED');
    expect(codeOf(() => requireLinks(readLinks(parameters, 1e-6), ['random'], 'a'))).toBeUndefined();
    expect(codeOf(() => requireLinks(readLinks(parameters, 0.9), ['degree'], 'a'))).toBeUndefined();
  });

  it('are told of where processors are left that hear only themselves', () => {
    const net = (order: string, ...kept: number[]): Net => ({ order, draw: 0, kept: Uint32Array.from(kept) });
    const links = readLinks(parameters, 0.5)!;
    expect(warnOfIsolation(links, [net('degree', 0, 1), net('degree', 0)])).toEqual([]);
    const [warning] = warnOfIsolation(links, [net('random', 0, 2), net('random', 1, 2), net('random', 0, 1)]);
    expect(warning).toContain('keep=2 (2 draws)');
    expect(warning).toContain('density 0.333');
    expect(warnOfIsolation(readLinks(parameters, null), [net('random', 0, 2)])).toEqual([]);
  });
});
