import type { PredictionsTable, RecordRow } from '../predictions.js';

/**
 * How far predictions of an extrapolated variable reach: |f(x) − m| / |y − m|, averaged over the test
 * examples with a held value of it; m is the variable's mean over the training split (Schott et al. 2022,
 * figure 6). 1: the right distance; 0: the training mean. Groups: `{target: t}`, and `{}` for the mean over t.
 *
 * Only for variables whose held levels all lie outside the range of the training levels: inside it the
 * denominator can be 0. The mean over the training split is the mean of the levels that are not held,
 * since such a split keeps every combination of those.
 */
export function scoreMeanRatio(table: PredictionsTable): RecordRow[] {
  const rows = Object.keys(table.targets).flatMap((target) => {
    const row = scoreTarget(table, target);
    return row === undefined ? [] : [row];
  });
  if (rows.length === 0) return [];
  const value = rows.reduce((sum, row) => sum + row.value, 0) / rows.length;
  const n = rows.reduce((sum, row) => sum + row.n, 0);
  return [{ set: 'test', metric: 'mean_ratio', group: {}, value, n }, ...rows];
}

function scoreTarget(table: PredictionsTable, target: string): RecordRow | undefined {
  const levels = table.context.levels[target] ?? [];
  const held = new Set(table.context.held[target] ?? []);
  const seen = levels.filter((_, level) => !held.has(level));
  const column = table.variables[target];
  if (held.size === 0 || seen.length === 0 || column === undefined) return undefined;
  const [low, high] = [Math.min(...seen), Math.max(...seen)];
  if ([...held].some((level) => levels[level]! >= low && levels[level]! <= high)) return undefined;
  const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
  const [truth, prediction] = [table.targets[target]!, table.predictions[target]!];
  let sum = 0;
  let n = 0;
  for (let row = 0; row < table.example.length; row += 1) {
    if (table.set[row] !== 'test' || !held.has(column[row]!)) continue;
    sum += Math.abs(prediction[row]! - mean) / Math.abs(truth[row]! - mean);
    n += 1;
  }
  return n === 0 ? undefined : { set: 'test', metric: 'mean_ratio', group: { target }, value: sum / n, n };
}
