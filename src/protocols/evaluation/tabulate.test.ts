import { expect, it } from 'vitest';
import { scorePredictions } from '../../evaluation/index.js';
import { preparePeople } from '../testing/people.js';
import { tabulate } from './tabulate.js';

const material = preparePeople({ size: 60 });

it('gives the one logit of a binary target as two, of which the first is zero', () => {
  const examples = Uint32Array.of(3, 5, 8);
  const predictions = Float32Array.of(1.5, -0.25, 0);
  const table = tabulate(material, [{ set: 'test', examples, predictions }]);
  expect(table.targets).toEqual({});
  expect([...table.logits!.hired!]).toEqual([0, 1.5, 0, -0.25, 0, 0]);
  // A logit of zero is not above zero: the answer is level 0.
  const hits = [1, 0, 0].filter((answer, at) => answer === table.variables.hired![at]).length;
  const [overall] = scorePredictions(table, ['accuracy']);
  expect(overall!.value).toBeCloseTo(hits / 3, 12);
});
