/** The cells of one row of a table, by the number of their column. */
export interface Cells {
  /** Without blanks around it; empty where there is nothing. */
  text(column: number): string;
  /** NaN for what is empty or no number. */
  number(column: number): number;
}

/** Takes the names of the columns, and returns what takes the rows. */
export type OpenTable = (header: readonly string[]) => (cells: Cells, row: number) => void;

/** What a file was, once it is read. */
export interface ReadTable {
  readonly sha256: string;
  readonly rows: number;
}
