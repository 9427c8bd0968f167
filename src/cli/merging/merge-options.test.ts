import { expect, it } from 'vitest';
import { formatError } from '../../core/errors.js';
import { readMergeOptions } from './merge-options.js';

it('takes the options of merge from the words, and leaves the others', () => {
  const words = ['abc', 'within=0.05', 'criterion=equal_opportunity', 'certify=0.95', 'paths.results=there'];
  expect(readMergeOptions(words)).toEqual({
    options: { within: 0.05, criterion: 'equal_opportunity', certify: 0.95 },
    rest: ['abc', 'paths.results=there'],
  });
  expect(readMergeOptions(['within=0']).options).toEqual({ within: 0, criterion: 'demographic_parity' });
});

it('refuses wrong ones all at once, with what to type', () => {
  try {
    readMergeOptions(['within=', 'criterion=equal_oportunity', 'certify=95', 'withn=1']);
  } catch (error) {
    expect(error).toMatchObject({ exitCode: 2 });
    for (const part of [
      'within is a difference of rates',
      'type criterion=equal_opportunity',
      'type certify=0.95',
      'did you mean within=?',
    ]) {
      expect(formatError(error)).toContain(part);
    }
    return;
  }
  throw new Error('they were taken');
});
