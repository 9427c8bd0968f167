/** What a column turns out to be once all its cells were seen. */
export type ColumnLook =
  | { readonly stored: 'number' }
  | { readonly stored: 'level' }
  /** Not kept; `reason` says why: `empty`, `text, more than 100 levels`. */
  | { readonly stored: 'drop'; readonly reason: string };

/** Looks at the cells of one column. */
export interface Looker {
  see(cell: string): void;
  decide(): ColumnLook;
}

/** A column of words with more different ones is taken for text, names or dates, from which nothing general follows. */
export const textLimit = 100;

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A decimal number with a point; undefined for anything else. */
export function readNumber(cell: string): number | undefined {
  if (!decimal.test(cell)) return undefined;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

/** Numeric where every cell that is not missing is a number; else of levels, if those are few. */
export function createLooker(missing: ReadonlySet<string>): Looker {
  let filled = 0;
  let numeric = true;
  /** No more than one above the limit. */
  const words = new Set<string>();
  return {
    see(cell) {
      if (missing.has(cell)) return;
      filled++;
      if (numeric && readNumber(cell) === undefined) numeric = false;
      if (words.size <= textLimit) words.add(cell);
    },
    decide() {
      if (filled === 0) return { stored: 'drop', reason: 'empty' };
      if (numeric) return { stored: 'number' };
      if (words.size > textLimit) return { stored: 'drop', reason: `text, more than ${textLimit} levels` };
      return { stored: 'level' };
    },
  };
}
