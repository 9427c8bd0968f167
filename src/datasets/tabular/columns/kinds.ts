/**
 * What a column is to a model: a number; the logarithm of one more than a number; a one-hot code of its levels; the
 * place of its level among all in order; nothing.
 */
export const columnKinds = ['numeric', 'log1p', 'categorical', 'ordinal', 'drop'] as const;
export type ColumnKind = (typeof columnKinds)[number];

/** How a column of a kind is kept. */
export function storedAs(kind: ColumnKind): 'number' | 'level' | 'drop' {
  if (kind === 'drop') return 'drop';
  return kind === 'numeric' || kind === 'log1p' ? 'number' : 'level';
}

/** Cells that say that there is no value. */
export const usualMissing: readonly string[] = ['', '?', 'NA', 'N/A', '#N/A', 'NaN', 'nan', 'null', 'NULL'];
