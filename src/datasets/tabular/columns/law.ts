import type { DelimitedFormat } from '../reading/delimited.js';

/** How the file of a dataset becomes typed columns. */
export interface TableLaw {
  /** Changes with everything here that its other parts do not say: a check, a tidying. */
  readonly version: string;
  readonly format: DelimitedFormat;
  /** Where the file does not name its columns. */
  readonly header?: readonly string[] | undefined;
  readonly repeated: 'refuse' | 'number';
  /** Cells without a value. */
  readonly missing: readonly string[];
  readonly declared: readonly DeclaredColumn[];
  /** Columns that are not declared. */
  readonly others: 'look' | 'drop';
  /** Of a file that is read as another was: its columns come in the order of `declared`. */
  readonly known?: KnownLevels;
  /** What a cell says, by column. */
  readonly tidy?: Readonly<Record<string, (cell: string) => string>>;
  /** Chooses rows, and throws where the file is not what it should be. */
  readonly check?: () => RowCheck;
}

/** Levels that columns of another file have. */
export interface KnownLevels {
  readonly levels: Readonly<Record<string, readonly string[]>>;
  /** Whether a column may have more of them; else others are unknown. */
  readonly open: boolean;
}

export interface DeclaredColumn {
  readonly name: string;
  readonly stored: 'number' | 'level' | 'drop';
  /** The key that asks for it: `dataset.target`. */
  readonly place: string;
}

export interface RowCheck {
  /** Whether a row is kept; `cell` gives what a column has in it. */
  keep(cell: (column: string) => string): boolean;
  /** After the last row. */
  end(path: string): void;
}
