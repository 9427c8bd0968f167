import { expect, it } from 'vitest';
import { makePeople } from '../../datasets/testing/people.js';
import { makeSplit } from '../../splits/index.js';
import { findInDistribution, listTestSets } from './test-sets.js';

it('counts no set that read-outs are fitted anew to among those for testing', () => {
  const dataset = makePeople();
  const sets = {
    train: { hired: ['no', 'yes'] },
    retrain: { of: 'train', share: 0.2 },
    near: { of: 'train', share: 0.2 },
  };
  const material = { dataset, split: makeSplit(dataset.table, { rule: 'statement', sets }) };
  expect(listTestSets(material)).toEqual(['near']);
  expect(findInDistribution(material, 'evaluation.ood_detection.in', false)).toBe('near');
});
