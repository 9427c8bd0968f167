import { type RankedAlgorithms, rankAlgorithms } from '../../analysis/ranks/rank-algorithms.js';
import { usualRule } from '../../selection/index.js';

/** Made-up trainings that leave out each environment once, ranked: the same ones every time. */
export function makeRanks(algorithms: number, environments: number): RankedAlgorithms {
  const records = Array.from({ length: algorithms * environments }, (_, at) => {
    const [algorithm, held] = [at % algorithms, Math.floor(at / algorithms)];
    const test = 0.8 - 0.1 * (algorithm / algorithms) + 0.06 * Math.sin(7.3 * at + 1.7 * held);
    const accuracies = Array.from({ length: environments }, (__, place) => [
      [`env${place}_in_acc`, place === held ? test : 1],
      [`env${place}_out_acc`, 0.9],
    ]).flat();
    const args = { dataset: 'Own', test_envs: [held], hparams_seed: 0, trial_seed: 0 };
    const name = algorithm === 0 ? 'ERM' : `Algorithm${algorithm}`;
    return { args: { ...args, algorithm: name }, hparams: {}, step: 1, ...Object.fromEntries(accuracies) };
  });
  return rankAlgorithms(records, [usualRule])[0]!;
}
