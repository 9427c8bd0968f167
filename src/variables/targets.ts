import { HeldoutError } from '../core/errors.js';
import type { Variable, VariableTable } from './variable.js';

/**
 * A variable that a model is asked for: its scaled value by one output (`numeric`), its level by a logit for each
 * (`categorical`), or which of its two levels by one output (`binary`), a logit f: above zero it is the second, level 1.
 */
export interface Target {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical' | 'binary';
  /** Of a binary one: the output above which the answer is level 1. Default 0. */
  readonly threshold?: number;
}

/** Whether what is asked for is a class, and not a number. */
export function hasClasses({ kind }: Target): boolean {
  return kind !== 'numeric';
}

/** The outputs of a target: `width` columns of a model's outputs, from `start` on. */
export interface Head extends Target {
  readonly start: number;
  readonly width: number;
}

/** The heads of some targets, side by side in their order. Throws HeldoutError where a binary one has not two levels. */
export function layOutHeads(table: VariableTable, targets: readonly Target[]): readonly Head[] {
  let start = 0;
  return targets.map((target) => {
    const { name, kind } = target;
    const levels = table.variable(name).levels.length;
    if (kind === 'binary' && levels !== 2) throw notBinary(name, levels);
    const head = { ...target, start, width: kind === 'categorical' ? levels : 1 };
    start += head.width;
    return head;
  });
}

function notBinary(name: string, levels: number): HeldoutError {
  return new HeldoutError({
    code: 'E_TARGET_BINARY',
    message: `the target ${name} is to be one of two, but it has ${levels} ${levels === 1 ? 'level' : 'levels'}`,
    place: 'dataset',
    hints: ['choose a variable of two levels, or put levels together until there are two'],
  });
}

/** Columns of all heads together. */
export function countOutputs(heads: readonly Head[]): number {
  return heads.reduce((sum, { width }) => sum + width, 0);
}

/** The regression target of every level: index / (levels − 1), in [0, 1]; 0 where there is one level. */
export function scaleLevels(variable: Variable): Float64Array {
  const last = variable.levels.length - 1;
  return Float64Array.from(variable.levels, (_, level) => (last === 0 ? 0 : level / last));
}

/** Writes the targets of examples, row-major `[examples, targets]`: scaled values, level indices of classes. */
export function fillTargets(
  table: VariableTable,
  targets: readonly Target[],
  examples: ArrayLike<number>,
  out: Float32Array,
): void {
  targets.forEach(({ name, kind }, at) => {
    const column = table.column(name);
    const variable = table.variable(name);
    const values = kind === 'numeric' ? scaleLevels(variable) : variable.levels.map((_, level) => level);
    for (let i = 0; i < examples.length; i++) {
      out[i * targets.length + at] = values[column[examples[i]!]!]!;
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
