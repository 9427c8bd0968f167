import { describe, expect, it } from 'vitest';
import { formatError } from '../../core/errors.js';
import { countKept, readPruneOptions } from './prune-options.js';

const messageOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    expect(error).toMatchObject({ exitCode: 2 });
    return formatError(error);
  }
  throw new Error('it was taken');
};

describe('the options of prune', () => {
  it('are taken from the words, and the others are left', () => {
    const { options, rest } = readPruneOptions([
      'abc',
      'keep=0.5,13',
      'order=degree,random',
      'draws=9',
      'seed=4',
      'sets=iid,mix',
      'paths.results=there',
    ]);
    expect(options).toEqual({
      keep: [0.5, 13],
      orders: ['degree', 'random'],
      draws: 9,
      seed: 4,
      examples: null,
      sets: ['iid', 'mix'],
      lose: 0.03,
    });
    expect(rest).toEqual(['abc', 'paths.results=there']);
    expect(readPruneOptions(['keep=[0.2]']).options.keep).toEqual([0.2]);
    expect(readPruneOptions(['keep=auto', 'lose=0.1']).options).toMatchObject({ keep: 'auto', lose: 0.1 });
    expect(readPruneOptions(['abc']).options).toMatchObject({
      keep: undefined,
      orders: undefined,
      draws: 8,
      sets: undefined,
    });
  });

  it('are refused all at once, with what to type', () => {
    const message = messageOf(() =>
      readPruneOptions(['keep=1.5', 'order=degre', 'draws=3', 'sead=1', 'lose=0.1', 'examples=0']),
    );
    for (const part of [
      "numbers of processors from 1 on, not '1.5'",
      'type order=degree',
      'draws takes whole numbers from 8 on',
      'did you mean seed=?',
      'lose goes with keep=auto',
      'examples takes whole numbers from 1 on',
    ]) {
      expect(message).toContain(part);
    }
  });
});

describe('the numbers of processors that stay', () => {
  it('are shares of all below 1, and numbers from 1 on', () => {
    expect(countKept([0.2, 0.5, 3, 64, 0.201], 64)).toEqual([64, 32, 13, 3]);
    expect(countKept([1], 4)).toEqual([1]);
  });

  it('are at least one, and at most all', () => {
    for (const keep of [0, 0.01]) {
      expect(messageOf(() => countKept([keep], 16))).toContain('no processor of the 16 would be left');
    }
    expect(messageOf(() => countKept([17], 16))).toContain('there are only 16 processors');
  });
});
