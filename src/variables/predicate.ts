import type { VariableTable } from './variable.js';

/** A statement about the variables of one example. `levels` are level indices, ascending. */
export type Predicate =
  | { readonly kind: 'in'; readonly variable: string; readonly levels: readonly number[] }
  | { readonly kind: 'not'; readonly of: Predicate }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Predicate[] };

export const isIn = (variable: string, levels: readonly number[]): Predicate => ({
  kind: 'in',
  variable,
  levels,
});
export const not = (of: Predicate): Predicate => ({ kind: 'not', of });
/** Holds where every part does; without parts, everywhere. */
export const all = (of: readonly Predicate[]): Predicate => ({ kind: 'all', of });
/** Holds where some part does; without parts, nowhere. */
export const any = (of: readonly Predicate[]): Predicate => ({ kind: 'any', of });

/** 1 for every example of the table of which the statement is true, else 0. */
export function matchExamples(table: VariableTable, predicate: Predicate): Uint8Array {
  switch (predicate.kind) {
    case 'in': {
      const column = table.column(predicate.variable);
      const holds = new Uint8Array(table.variable(predicate.variable).levels.length);
      for (const level of predicate.levels) holds[level] = 1;
      const mask = new Uint8Array(table.size);
      for (let i = 0; i < mask.length; i++) mask[i] = holds[column[i]!]!;
      return mask;
    }
    case 'not': {
      const mask = matchExamples(table, predicate.of);
      for (let i = 0; i < mask.length; i++) mask[i]! ^= 1;
      return mask;
    }
    case 'all': {
      const mask = new Uint8Array(table.size).fill(1);
      for (const part of predicate.of) {
        const other = matchExamples(table, part);
        for (let i = 0; i < mask.length; i++) mask[i]! &= other[i]!;
      }
      return mask;
    }
    case 'any': {
      const mask = new Uint8Array(table.size);
      for (const part of predicate.of) {
        const other = matchExamples(table, part);
        for (let i = 0; i < mask.length; i++) mask[i]! |= other[i]!;
      }
      return mask;
    }
  }
}

/** Ascending indices of the examples whose mask has the given value. */
export function indicesOf(mask: Uint8Array, value: 0 | 1): Uint32Array {
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] === value) count++;
  const indices = new Uint32Array(count);
  for (let i = 0, at = 0; i < mask.length; i++) if (mask[i] === value) indices[at++] = i;
  return indices;
}
