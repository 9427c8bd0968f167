import type { Variable, VariableTable } from './variable.js';

/**
 * The table of examples whose levels are listed, one column of level indices per variable. Throws RangeError where
 * a column is missing, of another length, or has a level that its variable has not.
 */
export function makeColumns(
  size: number,
  variables: readonly Variable[],
  columns: Readonly<Record<string, Uint16Array>>,
): VariableTable {
  for (const { name, levels } of variables) {
    const column = columns[name];
    if (column?.length !== size) {
      throw new RangeError(`the column '${name}' has ${column?.length ?? 'no'} examples, not ${size}`);
    }
    const wrong = column.find((level) => level >= levels.length);
    if (wrong !== undefined) throw new RangeError(`'${name}' has ${levels.length} levels, none is ${wrong}`);
  }
  const find = (name: string): Variable => {
    const variable = variables.find((each) => each.name === name);
    if (variable !== undefined) return variable;
    throw new RangeError(`no variable '${name}' among ${variables.map((each) => each.name).join(', ')}`);
  };
  return { size, variables, variable: find, column: (name) => columns[find(name).name]! };
}
