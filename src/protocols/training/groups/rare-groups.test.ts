import { expect, it } from 'vitest';
import { smallConfig } from '../../testing/jobs.js';
import { preparePeople } from '../../testing/people.js';
import { describeRareGroups } from './rare-groups.js';

const people = preparePeople({ size: 200, groups: 5 });
const describe = (batch_size: number, objective: object = {}, training: object = {}) =>
  describeRareGroups(
    people,
    smallConfig({ objective: { name: 'fair', ...objective }, training: { batch_size, ...training } }),
  );

it('says how many batches a regulariser does nothing in', () => {
  expect(describe(8)).toMatch(
    /^about \d\d % of batches have no example of group g[1-4], and are not regularised/,
  );
  expect(describe(16, { regulariser: 'equal_opportunity' })).toMatch(
    /of group g[1-4] whose hired is yes, and/,
  );
  expect(describe(16, { regulariser: 'equalized_odds' })).toMatch(
    /of group g[1-4] whose hired is (yes|no), and/,
  );
});

it('says nothing where they are few, or where nothing is regularised', () => {
  expect(describe(64)).toBeUndefined();
  expect(describe(8, { strength: 0 })).toBeUndefined();
  expect(describe(8, { name: 'cross_entropy' })).toBeUndefined();
  expect(describe(24, {}, { stratify: true })).toBeUndefined();
  expect(describe(24)).toBeDefined();
});
