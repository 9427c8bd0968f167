/** What a table says, apart from how it is written. Renderers in `renderers/` turn it into text. */
export interface Table {
  /** File name without ending: `r2-by-split`. */
  readonly name: string;
  readonly title: string;
  /** Sentences that say what the numbers are. */
  readonly caption: readonly string[];
  /** Names of the leading columns that say what a row is. */
  readonly stub: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Column {
  readonly label: string;
  /** Neighbours with the same group stand under one heading. */
  readonly group?: string;
  /** Which value is the best of the column; absent where none is. */
  readonly best?: 'highest' | 'lowest';
}

export interface Row {
  /** One text per stub column. */
  readonly header: readonly string[];
  /** Neighbours with the same section stand together, apart from the others; empty for no heading. */
  readonly section: string;
  /** Whether the row takes part in the search for the best of a column: references do not. */
  readonly ranked: boolean;
  readonly cells: readonly Cell[];
}

export type Cell = EstimateCell | ValueCell | IntervalCell | TextCell | MissingCell;

/** A mean over runs with the half-width of its interval; no half-width for one run. */
export interface EstimateCell {
  readonly kind: 'estimate';
  readonly mean: number;
  readonly halfWidth: number | undefined;
  readonly n: number;
  readonly best?: boolean;
}

/** A number without spread: what is computed, not trained. */
export interface ValueCell {
  readonly kind: 'value';
  readonly value: number;
}

/** Where a number may lie. */
export interface IntervalCell {
  readonly kind: 'interval';
  readonly low: number;
  readonly high: number;
}

export interface TextCell {
  readonly kind: 'text';
  readonly text: string;
}

/** A number that the table should have and has not. */
export interface MissingCell {
  readonly kind: 'missing';
}

export const missing: MissingCell = { kind: 'missing' };

/** Decimals of printed numbers; CSV and JSON carry all digits. */
export const decimals = 3;

/** With a true minus sign, and never `−0.000`. */
export function formatNumber(value: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
}

export function formatInterval({ low, high }: IntervalCell): string {
  return `[${formatNumber(low)}, ${formatNumber(high)}]`;
}

/**
 * Marks the best estimates of every column, section by section. Those that print alike are tied and all
 * marked; a column with a single ranked estimate has no best.
 */
export function markBest(table: Table): Table {
  const best = new Map<string, number>();
  const rankedValue = (row: Row, index: number): number | undefined => {
    const cell = row.cells[index];
    if (!row.ranked || cell?.kind !== 'estimate' || table.columns[index]?.best === undefined)
      return undefined;
    return Number(cell.mean.toFixed(decimals));
  };
  const counts = new Map<string, number>();
  for (const row of table.rows) {
    for (const [index, column] of table.columns.entries()) {
      const value = rankedValue(row, index);
      if (value === undefined) continue;
      const key = `${index} ${row.section}`;
      const known = best.get(key);
      const better = known === undefined || (column.best === 'lowest' ? value < known : value > known);
      if (better) best.set(key, value);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  const rows = table.rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, index) => {
      const key = `${index} ${row.section}`;
      const value = rankedValue(row, index);
      const marked = value !== undefined && value === best.get(key) && counts.get(key)! > 1;
      return marked && cell.kind === 'estimate' ? { ...cell, best: true } : cell;
    }),
  }));
  return { ...table, rows };
}

/** Runs of neighbours with equal keys: `[key, first index, length]`. */
export function spanNeighbours<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): [key: string, start: number, length: number][] {
  const spans: [string, number, number][] = [];
  for (const [index, item] of items.entries()) {
    const key = keyOf(item);
    const last = spans.at(-1);
    if (last !== undefined && last[0] === key) last[2] += 1;
    else spans.push([key, index, 1]);
  }
  return spans;
}
