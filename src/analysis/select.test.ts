import { expect, it } from 'vitest';
import { type Candidate, selectValues } from './select.js';

const candidate = (model: string, value: string, seed: string, validation: number, test = 0): Candidate => ({
  model,
  value,
  seed,
  record: {
    schema: 1,
    run: `${model}-${value}-${seed}`,
    labels: {},
    rows: [
      { set: 'validation', metric: 'accuracy', group: {}, value: validation, n: 10 },
      { set: 'validation', metric: 'accuracy', group: { target: 'hue' }, value: 1, n: 10 },
      { set: 'test', metric: 'accuracy', group: {}, value: test, n: 10 },
    ],
  },
});

it('chooses by the mean on the validation set, whatever the test set says', () => {
  const choices = selectValues(
    [
      candidate('nac', '1e-3', '0', 0.9, 0.1),
      candidate('nac', '1e-3', '1', 0.8, 0.1),
      candidate('nac', '3e-3', '0', 0.99, 0.9),
      candidate('nac', '3e-3', '1', 0.6, 0.9),
      candidate('vit', '1e-3', '0', 0.5),
      candidate('vit', '3e-3', '0', 0.5),
    ],
    'accuracy',
  );
  expect(choices.map(({ model, chosen }) => [model, chosen])).toEqual([
    ['nac', '1e-3'],
    ['vit', '1e-3'],
  ]);
  expect(choices[0]!.found.get('3e-3')).toMatchObject({ mean: expect.closeTo(0.795, 12), n: 2 });
});

it('leaves out models that were not validated', () => {
  expect(selectValues([candidate('nac', '1', '0', 0.9)], 'r2')).toEqual([]);
});
