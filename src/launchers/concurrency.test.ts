import { describe, expect, it } from 'vitest';
import { chooseConcurrency, measureCapacity, parseQuota, parseReclaimable } from './concurrency.js';

const GiB = 1024 ** 3;

describe('chooseConcurrency', () => {
  it.each([
    ['auto', 'wasm', { cores: 4, memory: 64 * GiB }, 4],
    ['auto', 'wasm', { cores: 1.5, memory: 64 * GiB }, 1],
    ['auto', 'wasm', { cores: 8, memory: 3.5 * GiB }, 3],
    ['auto', 'wasm', { cores: 8, memory: 0 }, 1],
    ['auto', 'tensorflow', { cores: 8, memory: 64 * GiB }, 1],
    [3, 'tensorflow', { cores: 1, memory: GiB }, 3],
  ] as const)('%s jobs of tier %s on %j: %i', (setting, tier, capacity, expected) => {
    expect(chooseConcurrency(setting, { tier }, capacity)).toBe(expected);
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
