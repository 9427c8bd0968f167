import { expect, it } from 'vitest';
import { explainMemory } from './explain-memory.js';
import { smallConfig } from './testing/jobs.js';

it('leaves other errors as they are', () => {
  const error = new Error('something else');
  expect(explainMemory(error, smallConfig(), 4)).toBe(error);
});
