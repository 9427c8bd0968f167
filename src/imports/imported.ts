import type { ExampleScores } from '../evaluation/examples/example-scores.js';

/** A network of a file of predictions. */
export interface ImportedNetwork {
  readonly name: string;
  /** The set that the file says it was trained for. */
  readonly trainedOn: string | undefined;
  readonly factors: Readonly<Record<string, string>>;
}

/** A set of examples, or an altered copy of one. */
export interface ImportedSet {
  readonly name: string;
  /** What was done to the examples: `fog-3`; empty for the set itself. */
  readonly variant: string;
  readonly task: string;
  readonly examples: readonly string[];
  /** Names of the classes in the order of their numbers; undefined where only answers are known. */
  readonly classes: readonly string[] | undefined;
  /** Groups of examples by variable. */
  readonly groups: Readonly<
    Record<string, { readonly levels: readonly string[]; readonly codes: Int32Array }>
  >;
}

export interface ImportedFile {
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
}

/** What files of predictions say, without their logits. */
export interface ImportedPredictions {
  readonly files: readonly ImportedFile[];
  readonly networks: readonly ImportedNetwork[];
  readonly sets: readonly ImportedSet[];
  /** Of `networks[n]` on `sets[s]`, aligned with the set's examples; undefined where it was not tried. */
  scores(n: number, s: number): ExampleScores | undefined;
  /** What the reader should know. */
  readonly notes: readonly string[];
}
