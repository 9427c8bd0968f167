import type { Variable, VariableTable } from './variable.js';

/** The regression target of every level: index / (levels − 1), in [0, 1]; 0 where there is one level. */
export function scaleLevels(variable: Variable): Float64Array {
  const last = variable.levels.length - 1;
  return Float64Array.from(variable.levels, (_, level) => (last === 0 ? 0 : level / last));
}

/** Writes the scaled targets of examples, row-major `[examples, targets]`. */
export function fillTargets(
  table: VariableTable,
  targets: readonly string[],
  examples: ArrayLike<number>,
  out: Float32Array,
): void {
  targets.forEach((name, at) => {
    const column = table.column(name);
    const scaled = scaleLevels(table.variable(name));
    for (let i = 0; i < examples.length; i++) {
      out[i * targets.length + at] = scaled[column[examples[i]!]!]!;
    }
  });
}

/** Population variance of a scaled target over the whole table, train and test together. */
export function targetVariance(table: VariableTable, name: string): number {
  const scaled = scaleLevels(table.variable(name));
  const counts = countLevels(table, name);
  let mean = 0;
  counts.forEach((count, level) => {
    mean += (count * scaled[level]!) / table.size;
  });
  let variance = 0;
  counts.forEach((count, level) => {
    variance += (count * (scaled[level]! - mean) ** 2) / table.size;
  });
  return variance;
}

/** Examples per level, among the given examples or the whole table. */
export function countLevels(table: VariableTable, name: string, examples?: ArrayLike<number>): Uint32Array {
  const column = table.column(name);
  const counts = new Uint32Array(table.variable(name).levels.length);
  if (examples === undefined) for (let i = 0; i < column.length; i++) counts[column[i]!]!++;
  else for (let i = 0; i < examples.length; i++) counts[column[examples[i]!]!]!++;
  return counts;
}
