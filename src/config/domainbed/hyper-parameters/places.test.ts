import { expect, it } from 'vitest';
import { algorithms } from '../catalogue.js';
import { followsFromDraw, placesOf } from './places.js';
import { hyperParametersOf } from './registry.js';

it('says where each algorithm has its hyper-parameters, by names that it has', () => {
  expect(placesOf('IRM')).toEqual([
    { name: 'irm_lambda', path: ['objective', 'strength'] },
    { name: 'irm_penalty_anneal_iters', path: ['objective', 'anneal'] },
  ]);
  expect(placesOf('EQRM')).toContainEqual({ name: 'eqrm_burnin_iters', path: ['objective', 'anneal'] });
  expect(placesOf('DANN')).toContainEqual({ name: 'lr_g', path: ['training', 'optimizer', 'learning_rate'] });
  expect(placesOf('ERM')).toEqual([]);
  for (const algorithm of algorithms) {
    const known = hyperParametersOf(algorithm, 'PACS').map(({ name }) => name);
    for (const { name } of placesOf(algorithm)) expect(known).toContain(name);
  }
});

it('tells what was typed from what follows from a draw', () => {
  expect(
    [`\${domainbed:irm_lambda}`, `\${eval:'round(\${domainbed:eqrm_burnin_iters})'}`].map(followsFromDraw),
  ).toEqual([true, true]);
  expect([1000, `\${training.steps}`, undefined].map(followsFromDraw)).toEqual([false, false, false]);
});
