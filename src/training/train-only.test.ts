import { describe, expect, it } from 'vitest';
import { listFrozen } from './train-only.js';

const names = [
  'read-in/kernel',
  'read-in/bias',
  'script1/added/codes',
  'script1/functions/codes',
  'fixed/table',
];

describe('training.train_only', () => {
  it.each([
    [undefined, ['fixed/table']],
    [['*/added/*'], ['read-in/kernel', 'read-in/bias', 'script1/functions/codes', 'fixed/table']],
    [['read-in/*', '*/codes'], ['fixed/table']],
    [
      ['read-in/bias', 'fixed/*'],
      ['read-in/kernel', 'script1/added/codes', 'script1/functions/codes', 'fixed/table'],
    ],
  ])('%j leaves %j as they start', (patterns, frozen) => {
    expect(listFrozen(names, ['fixed/table'], patterns)).toEqual(frozen);
  });

  it('refuses a pattern that means nothing, and to train nothing', () => {
    expect(() => listFrozen(names, ['fixed/table'], ['read-in'])).toThrow("no parameter is called 'read-in'");
    expect(() => listFrozen(names, ['fixed/table'], ['read.in/*'])).toThrow(
      "no parameter is called 'read.in/*'",
    );
    expect(() => listFrozen(names, ['fixed/table'], ['fixed/*'])).toThrow('nothing would be trained');
  });
});
