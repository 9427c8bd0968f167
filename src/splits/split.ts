/** A statement about variables and the sets of examples that follow from it. */
export interface Split {
  /** Rule: random, composition, interpolation, extrapolation. */
  readonly rule: string;
  /** Disjoint sets that cover the dataset: ascending example indices. */
  readonly sets: { readonly train: Uint32Array; readonly test: Uint32Array };
  /**
   * Level indices held out of training, per variable. Empty for a variable that is not split, and for
   * every variable where the rule holds out no single value (random, composition).
   */
  readonly held: Readonly<Record<string, readonly number[]>>;
  /** The statement in words, one sentence per line. */
  readonly statement: readonly string[];
  /** SHA-256 over the statement and the sets. */
  readonly hash: string;
}
