import { expect, it } from 'vitest';
import { groupRecords, select, usualRule } from '../../selection/index.js';
import type { PlannedJob } from '../../sweeps/plan.js';
import type { DomainRun } from './domain-records.js';
import { tellTwinsApart } from './domain-twins.js';

function runOf(algorithm: string, axes: Readonly<Record<string, string>>, validation = 0.5): DomainRun {
  const args = { dataset: 'Own', algorithm, test_envs: [0], hparams_seed: 0, trial_seed: 0 };
  const accuracies = {
    env0_in_acc: 1 - validation,
    env0_out_acc: 0,
    env1_in_acc: 1,
    env1_out_acc: validation,
  };
  return {
    job: { axes } as unknown as PlannedJob,
    dataset: 'own',
    environments: ['a', 'b'],
    records: [{ args, hparams: {}, step: 100, ...accuracies }],
  };
}

const algorithms = (runs: readonly DomainRun[]) => runs.map(({ records }) => records[0]!.args.algorithm);

it('leaves a sweep alone that DomainBed knows, whatever its axes', () => {
  const runs = ['ERM', 'IRM'].map((name) => runOf(name, { algorithm: name, 'split.test': '[0]' }));
  expect(tellTwinsApart(runs)).toBe(runs);
});

it('does not select among models or seeds as if they were checkpoints of one run', () => {
  const runs = tellTwinsApart([
    runOf('ERM', { algorithm: 'erm', model: 'mlp', seed: '0', 'split.test': '[0]' }, 0.6),
    runOf('ERM', { algorithm: 'erm', model: 'cnn', seed: '0', 'split.test': '[0]' }, 0.9),
    runOf('ERM', { algorithm: 'erm', model: 'cnn', seed: '1', 'split.test': '[0]' }, 0.8),
    runOf('IRM', { algorithm: 'irm', 'objective.strength': '10', 'split.test': '[0]' }, 0.7),
    runOf('IRM', { algorithm: 'irm', 'objective.strength': '99', 'split.test': '[0]' }, 0.7),
  ]);
  expect(algorithms(runs)).toEqual([
    ...['ERM, model=mlp, seed=0', 'ERM, model=cnn, seed=0', 'ERM, model=cnn, seed=1'],
    ...['IRM, strength=10', 'IRM, strength=99'],
  ]);
  const records = runs.flatMap((run) => run.records);
  const chosen = groupRecords(records).map((group) => select(group, usualRule).chosen!.validation);
  expect(chosen).toEqual([0.6, 0.9, 0.8, 0.7, 0.7]);
});
