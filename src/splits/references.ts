import { countLevels, type Head, scaleLevels } from '../variables/targets.js';
import type { VariableTable } from '../variables/variable.js';
import type { Split } from './split.js';

/** What a reference answers: by target and true level index, the outputs of the target's head. */
export type Answers = Readonly<Record<string, readonly ArrayLike<number>[]>>;

/**
 * A constant: of a numeric target the mean of its scaled values over the training set, of a categorical one the
 * logarithm of how often each class occurs there, one more than counted so that none is impossible (Laplace); of a
 * binary one the difference of the two logarithms.
 */
export function trainMean(table: VariableTable, split: Split, heads: readonly Head[]): Answers {
  return collect(heads, ({ name, kind }) => {
    const variable = table.variable(name);
    const counts = countLevels(table, name, split.sets.train);
    const examples = split.sets.train.length;
    if (kind !== 'numeric') {
      const shares = Array.from(counts, (count) => Math.log((count + 1) / (examples + counts.length)));
      const answer = kind === 'binary' ? [shares[1]! - shares[0]!] : shares;
      return variable.levels.map(() => answer);
    }
    const scaled = scaleLevels(variable);
    const sum = counts.reduce((total, count, level) => total + count * scaled[level]!, 0);
    return variable.levels.map(() => [sum / examples]);
  });
}

/** How much larger the logit of the class is that an oracle answers: its odds are a million to one. */
const certainty = Math.log(1e6);

/**
 * What a perfect reader that can only answer with training values says: the nearest scaled value that occurs in
 * training, of two equally near the lower; the true class where it occurs in training, else the most frequent one.
 */
export function nearestSeen(table: VariableTable, split: Split, heads: readonly Head[]): Answers {
  return collect(heads, ({ name, kind }) => {
    const { levels } = table.variable(name);
    const counts = countLevels(table, name, split.sets.train);
    if (kind !== 'numeric') {
      const usual = counts.indexOf(Math.max(...counts));
      return levels.map((_, level) => {
        const answer = counts[level]! > 0 ? level : usual;
        if (kind === 'binary') return [answer === 1 ? certainty : -certainty];
        return levels.map((_, other) => (other === answer ? certainty : 0));
      });
    }
    const scaled = scaleLevels(table.variable(name));
    const seen = [...counts.keys()].filter((level) => counts[level]! > 0);
    return levels.map((_, level) => [
      scaled[seen.reduce((a, b) => (Math.abs(b - level) < Math.abs(a - level) ? b : a))]!,
    ]);
  });
}

function collect(
  heads: readonly Head[],
  answer: (head: Head) => readonly ArrayLike<number>[],
): Readonly<Record<string, readonly ArrayLike<number>[]>> {
  return Object.fromEntries(heads.map((head) => [head.name, answer(head)]));
}
