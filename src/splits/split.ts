/** Disjoint sets of examples by name, each ascending; they need not cover the dataset. */
export interface ExampleSets {
  readonly train: Uint32Array;
  /** `validation` for choices during training; every other set is for evaluation, usually one, `test`. */
  readonly [name: string]: Uint32Array;
}

/** A statement about variables and the sets of examples that follow from it. */
export interface Split {
  /** Rule: random, composition, interpolation, extrapolation, statement, stratified, domains. */
  readonly rule: string;
  readonly sets: ExampleSets;
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

/** The number of examples of every set. */
export function countSets(sets: ExampleSets): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(sets).map(([name, examples]) => [name, examples.length]));
}

/** The sets that are looked at during training: `train`, and `validation` or else the first other one. */
export function watchedSets({ train, ...others }: ExampleSets): readonly (readonly [string, Uint32Array])[] {
  const beside = others.validation === undefined ? Object.keys(others)[0] : 'validation';
  return [['train', train], ...(beside === undefined ? [] : [[beside, others[beside]!] as const])];
}
