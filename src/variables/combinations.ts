import { countCells } from './grid.js';
import type { VariableTable } from './variable.js';

/**
 * Examples per combination of levels of the named variables, row-major in the order named, among the
 * given examples or the whole table.
 */
export function countCombinations(
  table: VariableTable,
  names: readonly string[],
  examples?: ArrayLike<number>,
): Uint32Array {
  const variables = names.map((name) => table.variable(name));
  const columns = names.map((name) => table.column(name));
  const counts = new Uint32Array(countCells(variables));
  const total = examples?.length ?? table.size;
  for (let i = 0; i < total; i++) {
    const example = examples === undefined ? i : examples[i]!;
    let cell = 0;
    columns.forEach((column, at) => {
      cell = cell * variables[at]!.levels.length + column[example]!;
    });
    counts[cell]!++;
  }
  return counts;
}
