/**
 * One row per scored example, column by column. `set` is `train`, `test` or whatever
 * sets the split has, each in one piece; `held` names the variables
 * whose level was held out of training, joined by `+` (empty where none was).
 */
export interface PredictionsTable {
  readonly example: Uint32Array;
  readonly set: readonly string[];
  readonly held: readonly string[];
  /** Level index per variable of the dataset. */
  readonly variables: Readonly<Record<string, Uint16Array>>;
  /** True and predicted value per numeric target, scaled to [0, 1]. */
  readonly targets: Readonly<Record<string, Float32Array>>;
  readonly predictions: Readonly<Record<string, Float32Array>>;
  /**
   * Logits per target with classes `[rows, classes]`, row-major; the true class is the target's level index among the
   * variables. Those of a binary target are 0 and its output less its
   * threshold. Absent where no target has classes.
   */
  readonly logits?: Readonly<Record<string, Float32Array>>;
  /**
   * What a linear probe of the model's own last hidden layer says of a variable with two levels: a logit, above 0 for
   * level 1; NaN where training lacks the level of an example. Absent where nothing was probed.
   */
  readonly probes?: Readonly<Record<string, Float32Array>>;
  readonly context: PredictionsContext;
}

/** Constants of the dataset that metrics need, kept in the file's metadata. */
export interface PredictionsContext {
  /** Population variance of each scaled target over the full grid, train and test together. */
  readonly variance: Readonly<Record<string, number>>;
  /** Names of targets that are beside the point: no mean over targets counts them. */
  readonly beside?: readonly string[];
  /** How the levels of every variable are written; absent where no target has classes. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** Scaled target value of each level index. */
  readonly levels: Readonly<Record<string, readonly number[]>>;
  /** Id of the evaluation that chose the examples; a table that no run made has none. */
  readonly evaluation?: string;
  /** Level indices held out of training, per variable. */
  readonly held: Readonly<Record<string, readonly number[]>>;
}

/** One number of a run: pure function of the predictions. `group` is `{}` for everything in the set. */
export interface RecordRow {
  readonly set: string;
  readonly metric: string;
  readonly group: Readonly<Record<string, string>>;
  readonly value: number;
  /** Number of examples behind the value. */
  readonly n: number;
}
