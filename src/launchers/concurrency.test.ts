import { describe, expect, it } from 'vitest';
import { divideCores, measureCapacity, parseQuota, parseReclaimable } from './concurrency.js';

const GiB = 1024 ** 3;

describe('divideCores', () => {
  const auto = { jobs: 'auto', threads: 'auto' } as const;
  const many = { tier: 'wasm', runs: 24 } as const;
  const tensorflow = { tier: 'tensorflow', runs: 24 } as const;
  it.each([
    ['wasm: a core each', auto, many, { cores: 4, memory: 64 * GiB }, [4, 1]],
    ['wasm: half a core', auto, many, { cores: 1.5, memory: 64 * GiB }, [1, 1]],
    ['wasm: what memory allows', auto, many, { cores: 8, memory: 3.5 * GiB }, [3, 1]],
    ['wasm: no memory left', auto, many, { cores: 8, memory: 0 }, [1, 1]],
    ['tensorflow: a core each', auto, tensorflow, { cores: 8, memory: 64 * GiB }, [8, 1]],
    ['tensorflow: cores left over', auto, { ...tensorflow, runs: 3 }, { cores: 8, memory: 64 * GiB }, [4, 2]],
    ['tensorflow: one job', auto, { ...tensorflow, runs: 1 }, { cores: 8, memory: 64 * GiB }, [1, 8]],
    ['tensorflow: a GPU', auto, { ...tensorflow, gpu: true }, { cores: 8, memory: 64 * GiB }, [1, 8]],
    [
      'tensorflow: threads as asked',
      { jobs: 'auto', threads: 4 },
      tensorflow,
      { cores: 8, memory: 64 * GiB },
      [2, 4],
    ],
    [
      'tensorflow: jobs as asked',
      { jobs: 3, threads: 'auto' },
      tensorflow,
      { cores: 1, memory: GiB },
      [3, 1],
    ],
  ] as const)('%s', (_, shares, needs, capacity, [jobs, threads]) => {
    expect(divideCores(shares, needs, capacity)).toEqual({ jobs, threads });
  });
});

it('measureCapacity finds at least one core and some memory', () => {
  const { cores, memory } = measureCapacity();
  expect(cores).toBeGreaterThan(0);
  expect(memory).toBeGreaterThan(0);
});

it('parseReclaimable reads what a control group gives back when asked', () => {
  expect(parseReclaimable('anon 7\nactive_file 5\ninactive_file 1048576\nslab 1')).toBe(1048576);
  expect(parseReclaimable('')).toBe(0);
});

it('parseQuota reads both versions of control groups', () => {
  expect(parseQuota('150000', '100000')).toBe(1.5);
  expect(parseQuota('max', '100000')).toBeUndefined();
  expect(parseQuota('-1', '100000')).toBeUndefined();
  expect(parseQuota(undefined, undefined)).toBeUndefined();
});
