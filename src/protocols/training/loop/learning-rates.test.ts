import { expect, it } from 'vitest';
import { smallConfig, smallTraining } from '../../testing/jobs.js';
import { createRates } from './learning-rates.js';

const schedule = { name: 'linear', warmup_steps: 0, final_fraction: 0 };
const configure = (objective: object, training: object = {}) =>
  smallConfig({ objective, training: { ...smallTraining, ...training } });

it('gives the rate of the objective from its update on', () => {
  const rates = createRates(configure({ name: 'eqrm', anneal: 3, late_learning_rate: 0.25 }), 1, 6);
  expect([0, 2, 3, 5].map(rates)).toEqual([1, 1, 0.25, 0.25]);
});

it('follows the schedule before and after', () => {
  const rates = createRates(
    configure({ name: 'rdm', anneal: 2, late_learning_rate: 0.1 }, { schedule }),
    1,
    4,
  );
  expect([0, 1, 2, 3].map(rates)).toEqual([1, 0.75, 0.05, 0.025]);
});

it('is the schedule alone of other objectives', () => {
  const rates = createRates(configure({ name: 'irm', anneal: 3 }, { schedule }), 1, 4);
  expect([0, 1, 2, 3].map(rates)).toEqual([1, 0.75, 0.5, 0.25]);
});
