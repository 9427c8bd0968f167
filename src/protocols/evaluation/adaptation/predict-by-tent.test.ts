import { expect, it } from 'vitest';
import { startEngine } from '../../../engine/backends/start.js';
import { listNorms } from './predict-by-tent.js';
import { followTent } from './testing/follow-tent.js';

it('takes the steps of PyTorch', async () => {
  followTent(await startEngine({ backend: 'wasm', threads: 1 }));
});

it('finds norm layers by their scales and shifts', () => {
  const names = [
    'a/norm/scale',
    'a/norm/shift',
    'b/scale',
    'c/shift',
    'member0/norm/shift',
    'member0/norm/scale',
  ];
  expect(listNorms(names)).toEqual([
    'a/norm/scale',
    'a/norm/shift',
    'member0/norm/scale',
    'member0/norm/shift',
  ]);
});
