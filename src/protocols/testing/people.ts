import { makePeople, type PeopleOptions } from '../../datasets/testing/people.js';
import { makeSplit } from '../../splits/index.js';
import type { Material } from '../prepare.js';

/** A few people, three in ten of them for the test. */
export function preparePeople(options: PeopleOptions = {}): Material {
  const dataset = makePeople(options);
  const sets = { train: { hired: ['no', 'yes'] }, test: { of: 'train', share: 0.3 } };
  return { dataset, split: makeSplit(dataset.table, { rule: 'statement', sets }) };
}
