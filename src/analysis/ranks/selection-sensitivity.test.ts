import { describe, expect, it } from 'vitest';
import { comparedRules, type DomainRecord } from '../../selection/index.js';
import { compareRules } from './selection-sensitivity.js';

/** A checkpoint that leaves out environment 0 of two: accuracy on the other's out split, and on its own two splits. */
const record = (
  algorithm: string,
  step: number,
  validation: number,
  [test, oracle]: readonly [number, number],
  trial = 0,
): DomainRecord => ({
  args: { dataset: 'Own', algorithm, test_envs: [0], hparams_seed: 0, trial_seed: trial },
  hparams: {},
  step,
  ...{ env0_in_acc: test, env0_out_acc: oracle, env1_in_acc: 1, env1_out_acc: validation },
});

const trialOf = (trial: number, shift = 0) => [
  record('ERM', 1, 0.9, [0.8 + shift, 0.1], trial),
  record('ERM', 2, 0.8, [0.5 + shift, 0.9], trial),
  record('IRM', 1, 0.7, [0.1 + shift, 0.1], trial),
  record('IRM', 2, 0.8, [0.7 + shift, 0.9], trial),
  record('VREx', 1, 0.9, [0.6 + shift, 0.2], trial),
  record('VREx', 2, 0.9, [0.6 + shift, 0.2], trial),
];

describe('the ranking of algorithms by several rules', () => {
  const found = compareRules([...trialOf(0), ...trialOf(1, 0.1)])!;
  const [usual, worst, last, oracle] = found.rankings;

  it('leaves out a rule that has nothing to choose from', () => {
    expect(found.rankings.map(({ rule }) => rule.name)).toEqual([
      'training-domain validation set',
      'worst-environment validation set',
      'last checkpoint, training-domain validation set',
      'test-domain validation set (oracle)',
    ]);
    expect(found.rankings.map(({ rule }) => rule.looksAtTest)).toEqual([false, false, false, true]);
  });

  it('has ranks, their agreement and what each rule costs', () => {
    expect(usual!.ranks).toEqual([1, 2, 3]);
    // With one environment to train on the worst is the only one.
    expect(worst!.ranks).toEqual(usual!.ranks);
    expect(last!.ranks).toEqual([3, 1, 2]);
    expect(oracle!.ranks).toEqual([3, 1, 2]);
    // Of the three pairs 1-2 and 1-3 are turned round.
    expect(found.taus[0]).toEqual([1, 1, -1 / 3, -1 / 3].map((tau) => expect.closeTo(tau, 12)));
    expect(found.taus[2]![3]).toBeCloseTo(1, 12);
    expect(usual!.costs!.map(({ mean }) => mean)).toEqual(
      [-0.3, 0, 0].map((cost) => expect.closeTo(cost, 12)),
    );
    expect(usual!.accuracies[0]).toMatchObject({ mean: expect.closeTo(0.85, 12), n: 2 });
    expect(oracle!.costs).toBeUndefined();
  });

  it('rests on the trials that every algorithm has', () => {
    const some = compareRules([...trialOf(0), ...trialOf(1, 0.1).slice(0, 2)])!;
    expect(some.trials).toEqual([0]);
    expect(compareRules(trialOf(0).slice(0, 2))).toBeUndefined();
    expect(compareRules([record('ERM', 1, 1, [1, 1], 0), record('IRM', 1, 1, [1, 1], 1)])).toBeUndefined();
  });

  it('lets equal ones share a rank, rounding aside', () => {
    const even = [record('ERM', 1, 1, [0.1 + 0.2, 1]), record('IRM', 1, 1, [0.3, 1])];
    const { rankings, taus } = compareRules(even, comparedRules)!;
    expect(rankings[0]!.ranks).toEqual([1.5, 1.5]);
    expect(taus[0]![0]).toBeNaN();
  });
});
