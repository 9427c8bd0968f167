import type { Variable, VariableTable } from './variable.js';

/** A table with one example per combination of levels: row-major, the last variable fastest. */
export interface Grid extends VariableTable {
  /** Examples from one level to the next, per variable in order. */
  readonly strides: readonly number[];
}

/** The full grid of some variables. Columns are made when they are first asked for. */
export function makeGrid(variables: readonly Variable[]): Grid {
  const strides = variables.map((_, i) => countCells(variables.slice(i + 1)));
  const columns = new Map<string, Uint16Array>();
  const find = (name: string): number => findVariable(variables, name);
  return {
    size: countCells(variables),
    variables,
    strides,
    variable: (name) => variables[find(name)]!,
    column(name) {
      const at = find(name);
      const made = columns.get(name) ?? makeColumn(variables, strides[at]!, at);
      columns.set(name, made);
      return made;
    },
  };
}

/** Number of combinations of all levels of some variables. */
export function countCells(variables: readonly Variable[]): number {
  return variables.reduce((cells, variable) => cells * variable.levels.length, 1);
}

function makeColumn(variables: readonly Variable[], stride: number, at: number): Uint16Array {
  const column = new Uint16Array(countCells(variables));
  const levels = variables[at]!.levels.length;
  for (let example = 0, level = 0; example < column.length; example += stride) {
    column.fill(level, example, example + stride);
    level = level + 1 === levels ? 0 : level + 1;
  }
  return column;
}

function findVariable(variables: readonly Variable[], name: string): number {
  const at = variables.findIndex((variable) => variable.name === name);
  if (at === -1) {
    throw new RangeError(`no variable '${name}' among ${variables.map((each) => each.name).join(', ')}`);
  }
  return at;
}
