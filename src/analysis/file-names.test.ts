import { expect, it } from 'vitest';
import { fileSuffixes } from './file-names.js';

it('names files after labels without blanks, commas and signs, never two alike', () => {
  const labels = ['dsprites, every=8', 'dsprites, every=16', 'Share=0.3', 'share=0_3', 'share 0.3'];
  expect([...fileSuffixes(labels).values()]).toEqual([
    '-dsprites-every-8',
    '-dsprites-every-16',
    '-share-0-3',
    '-share-0_3',
    '-share-0-3-2',
  ]);
  expect(fileSuffixes(['dsprites, every=8']).get('dsprites, every=8')).toBe('');
});
