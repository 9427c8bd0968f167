import { execFileSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveSeed } from './seed-tree.js';
import { stream } from './stream.js';

const draws = (root: number, ...path: (string | number)[]) => {
  const source = stream(root, ...path);
  return [source.next(), source.next(), source.next()];
};

describe('the seed tree', () => {
  it('gives the numbers that every run was made with', () => {
    expect(deriveSeed(0, 'init', 'conv1/kernel')).toBe(1291905668);
    expect(draws(0, 'init', 'conv1/kernel')).toEqual([1499616735, 1888950488, 1075213203]);
  });

  it('gives the same numbers in another process', () => {
    const script = `import { deriveSeed } from './seed-tree.js'; import { stream } from './stream.js';
      const source = stream(0, 'init', 'conv1/kernel');
      const draws = [source.next(), source.next(), source.next()];
      process.stdout.write(JSON.stringify([deriveSeed(0, 'init', 'conv1/kernel'), draws]));`;
    const bundle = buildSync({
      stdin: { contents: script, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      write: false,
    });
    const answer = execFileSync(process.execPath, ['--input-type=module'], {
      input: bundle.outputFiles[0]!.text,
      encoding: 'utf8',
    });
    expect(JSON.parse(answer)).toEqual([
      deriveSeed(0, 'init', 'conv1/kernel'),
      draws(0, 'init', 'conv1/kernel'),
    ]);
  });

  it('derives seeds in 1 .. 2^31 - 1, also from seed 0', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.oneof(fc.string(), fc.nat())), (root, path) => {
        const seed = deriveSeed(root, ...path);
        return Number.isInteger(seed) && seed >= 1 && seed <= 2 ** 31 - 1;
      }),
      { numRuns: 200 },
    );
  });

  it('tells apart what only looks alike: joined names, numbers and their digits, roots', () => {
    const seeds = [
      deriveSeed(0, 'a', 'b'),
      deriveSeed(0, 'ab'),
      deriveSeed(0, 'a/b'),
      deriveSeed(0, 'a,b'),
      deriveSeed(0, 1),
      deriveSeed(0, '1'),
      deriveSeed(0),
      deriveSeed(1),
      deriveSeed(0, 0),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('refuses a seed that is no integer', () => {
    expect(() => deriveSeed(0.5)).toThrow(/integer/);
    expect(() => deriveSeed(Number.NaN, 'x')).toThrow(/integer/);
  });
});
