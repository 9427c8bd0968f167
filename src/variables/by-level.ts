import type { VariableTable } from './variable.js';

/** The given examples of every level of a variable, by level index, in their order. */
export function divideByLevel(
  table: VariableTable,
  name: string,
  examples: ArrayLike<number>,
): readonly Uint32Array[] {
  const column = table.column(name);
  const members = table.variable(name).levels.map((): number[] => []);
  for (let at = 0; at < examples.length; at++) members[column[examples[at]!]!]!.push(examples[at]!);
  return members.map((list) => Uint32Array.from(list));
}
