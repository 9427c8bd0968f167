import { expect, it } from 'vitest';
import { float, PythonTuple, type PythonValue } from '../core/python/value.js';
import { seedHash } from './seed-hash.js';

// int(hashlib.md5(str(args).encode('utf-8')).hexdigest(), 16) % 2**31, by Python 3.
it.each<readonly [readonly PythonValue[], number]>([
  [[0, 0], 894182419],
  [[1, 0], 785910682],
  [[0, 1], 1514274641],
  [['x'], 144958164],
  [['VLCS', 'ERM', [1, 2], 1, 0], 360234358],
  [[], 225909452],
  [[0.2, null, true, new PythonTuple(['a', [float(1)]])], 139297750],
  [["é'"], 1020780196],
  [[894182419, 'lr'], 1602117554],
])('hashes %j to a seed as DomainBed does', (parts, seed) => {
  expect(seedHash(...parts)).toBe(seed);
});
