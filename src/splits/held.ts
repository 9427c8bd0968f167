import type { VariableTable } from '../variables/variable.js';
import type { Split } from './split.js';

/**
 * Names of the variables whose level is held out of training, joined by `+` in the table's order; empty
 * where none is. One per example given.
 */
export function nameHeldVariables(table: VariableTable, split: Split, examples: ArrayLike<number>): string[] {
  const held = readHeld(table, split);
  const names = new Map<number, string>();
  return Array.from(examples, (example) => {
    let code = 0;
    held.forEach(({ column, isHeld }, bit) => {
      if (isHeld[column[example]!]) code |= 1 << bit;
    });
    const known =
      names.get(code) ?? held.flatMap(({ name }, bit) => (code & (1 << bit) ? [name] : [])).join('+');
    names.set(code, known);
    return known;
  });
}

function readHeld(table: VariableTable, split: Split) {
  return table.variables
    .filter(({ name }) => (split.held[name]?.length ?? 0) > 0)
    .map(({ name, levels }) => {
      const isHeld = new Uint8Array(levels.length);
      for (const level of split.held[name]!) isHeld[level] = 1;
      return { name, isHeld, column: table.column(name) };
    });
}
