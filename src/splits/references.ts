import { countLevels, scaleLevels } from '../variables/targets.js';
import type { VariableTable } from '../variables/variable.js';
import type { Split } from './split.js';

/** Mean of every scaled target over the training set: what a constant predictor says. */
export function trainMean(
  table: VariableTable,
  split: Split,
  targets: readonly string[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    targets.map((name) => {
      const scaled = scaleLevels(table.variable(name));
      const counts = countLevels(table, name, split.sets.train);
      const sum = counts.reduce((total, count, level) => total + count * scaled[level]!, 0);
      return [name, sum / split.sets.train.length];
    }),
  );
}

/**
 * What a perfect reader that can only answer with training values says: by target and level index, the
 * nearest scaled value that occurs in training. Of two equally near, the lower.
 */
export function nearestSeen(
  table: VariableTable,
  split: Split,
  targets: readonly string[],
): Readonly<Record<string, Float64Array>> {
  return Object.fromEntries(
    targets.map((name) => {
      const scaled = scaleLevels(table.variable(name));
      const counts = countLevels(table, name, split.sets.train);
      const seen = [...counts.keys()].filter((level) => counts[level]! > 0);
      const nearest = Float64Array.from(scaled, (_, level) => {
        const best = seen.reduce((a, b) => (Math.abs(b - level) < Math.abs(a - level) ? b : a));
        return scaled[best]!;
      });
      return [name, nearest];
    }),
  );
}
