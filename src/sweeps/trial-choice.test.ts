import { describe, expect, it } from 'vitest';
import type { Measured } from '../protocols/trial.js';
import { chooseReplicas, chooseThreads, listProbes, type OpenChoices } from './trial-choice.js';

const open: OpenChoices = {
  settings: { threads: 'auto', replicas: 1 },
  share: { jobs: 1, threads: 4 },
  alike: 1,
  all: 1,
  gpu: false,
};
const measured = (threads: number, replicas: number, seconds: number, memory = 1): Measured => ({
  threads,
  replicas,
  seconds,
  memory,
});

describe('a trial', () => {
  it('of threads tries one and the share of the cores', () => {
    expect(listProbes(open)).toEqual([
      { threads: 1, sideBySide: false, sizes: [1] },
      { threads: 4, sideBySide: false, sizes: [1] },
    ]);
  });

  it('is not made where there is nothing to choose', () => {
    expect(listProbes({ ...open, share: { jobs: 2, threads: 1 }, all: 2 })).toEqual([]);
    expect(listProbes({ ...open, settings: { threads: 2, replicas: 1 } })).toEqual([]);
    expect(listProbes({ ...open, gpu: true })).toEqual([]);
    expect(listProbes({ ...open, settings: { threads: 'auto', replicas: 4 }, alike: 2, all: 2 })).toEqual([]);
    const auto = { threads: 2, replicas: 'auto' } as const;
    expect(listProbes({ ...open, settings: auto })).toEqual([]);
  });

  it('of replicas tries as many as leave every core some, in one process where threads do not matter', () => {
    const settings = { threads: 'auto', replicas: 'auto' } as const;
    const share = { jobs: 2, threads: 1 };
    const sizes = (alike: number, all = alike) =>
      listProbes({ ...open, settings, share, alike, all }).map((probe) => probe.sizes);
    expect(sizes(100)).toEqual([[1, 4, 16]]);
    expect(sizes(12)).toEqual([[1, 4, 6]]);
    expect(sizes(4)).toEqual([[1, 2]]);
    expect(sizes(2)).toEqual([]);
    expect(sizes(3, 100)).toEqual([[1, 3]]);
    expect(listProbes({ ...open, settings, alike: 20, all: 20 })).toEqual([
      { threads: 1, sideBySide: false, sizes: [1] },
      { threads: 4, sideBySide: false, sizes: [1] },
      { threads: 4, sideBySide: true, sizes: [4, 16] },
    ]);
  });
});

describe('what a trial found', () => {
  it('decides on threads where one is clearly faster', () => {
    expect(chooseThreads([measured(1, 1, 0.2), measured(4, 1, 1)], 4)).toBe(1);
    expect(chooseThreads([measured(1, 1, 0.85), measured(4, 1, 1)], 4)).toBe(4);
    expect(chooseThreads([measured(1, 1, 3), measured(4, 1, 1)], 4)).toBe(4);
    // Another share than was tried.
    expect(chooseThreads([measured(1, 1, 0.2), measured(4, 1, 1)], 2)).toBe(2);
    expect(chooseThreads([], 4)).toBe(4);
  });

  it('decides on replicas by time and memory', () => {
    const found = [measured(1, 1, 1, 10), measured(1, 4, 0.5, 20), measured(1, 16, 0.3, 40)];
    expect(chooseReplicas(found, 100)).toBe(16);
    expect(chooseReplicas(found, 30)).toBe(4);
    expect(chooseReplicas(found, 10)).toBe(1);
    expect(chooseReplicas([measured(1, 1, 1), measured(2, 1, 0.4), measured(2, 4, 0.5)], 100)).toBe(1);
  });
});
