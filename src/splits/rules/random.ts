import { NumpyRandom } from '../../random/numpy-random.js';
import { splitByExtrapolation } from './extrapolation.js';
import { type SplitRule, takeSides } from './rule.js';

/**
 * As many test examples as extrapolation has, at random: numpy's legacy shuffle of a boolean vector whose
 * first entries are true. The count is taken as an integer; the floor of size times share can be one less.
 */
export const splitByChance: SplitRule = (table, config) => {
  const { sets, held } = splitByExtrapolation(table, config);
  const count = sets.test!.length;
  const seed = config.seed ?? 0;
  return {
    sets: takeSides(new NumpyRandom(seed).shuffle(new Uint8Array(table.size).fill(1, 0, count))),
    held: Object.fromEntries(Object.keys(held).map((name) => [name, []])),
    statement: [
      'train: every example that is not in test',
      `test: ${count} of ${table.size} examples at random (as many as extrapolation has), by numpy RandomState(${seed}).shuffle`,
    ],
  };
};
