import type { Target } from '../variables/targets.js';
import type { VariableTable } from '../variables/variable.js';

/** What a dataset's file gives: both throw HeldoutError for what cannot be had, and name the key to change. */
export interface DatasetSource<Config> {
  /** The examples' variables, as `open` has them, without reading more than they stand in. */
  table(config: Config, dataFolder: string): VariableTable | Promise<VariableTable>;
  open(config: Config, dataFolder: string): Promise<Dataset>;
}

/** Examples with inputs and variables. Knows nothing of splits and models. */
export interface Dataset {
  readonly name: string;
  readonly table: VariableTable;
  /** Shape of one example of each input, e.g. `{ image: [64, 64, 1] }`. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** What the numbers of an input are called, where they have names: two datasets of equal names can stand for each other. */
  readonly columns?: Readonly<Record<string, readonly string[]>>;
  /** The variables that a model is asked for, in output order. */
  readonly targets: readonly Target[];
  /** Names of targets that no score of the whole counts, since they are asked for beside what a model is for. */
  readonly beside?: readonly string[];
  /** Variables whose groups are to be treated alike (sex, race), the first of which objectives and searches look at. */
  readonly protected?: readonly string[];
  /** The variable whose levels are environments (domains, sites, rotations); that of the table, where it has one. */
  readonly environment?: string;
  /** Hash of what decides the data: the rendering law and grid, or the files' checksums. */
  readonly fingerprint: string;
  /**
   * Writes one input of the given examples to `out`, row-major, one example after the other.
   * Images are channel-last float32 in [0, 1]: what `normalise` says is done where batches are made.
   */
  fill(input: string, examples: ArrayLike<number>, out: Float32Array): void;
  /**
   * Places of the numbers of an input that a model gets with mean 0 and variance 1 over the training set; `fill` writes
   * them as they are, and NaN where a value is missing, which becomes the mean.
   */
  readonly standardise?: Readonly<Record<string, readonly number[]>>;
  /** How a model gets the input `image`; as it is where this is absent. */
  readonly normalise?: Normalisation;
  /** How an input is kept, or could be; absent where every batch is another. */
  stored?(input: string): StoredInput | undefined;
}

/** A number x of an image enters a model as (x − mean) / scale: one pair for all channels, or numbers for each. */
export interface Normalisation {
  readonly mean: number | readonly number[];
  readonly scale: number | readonly number[];
}

export type StoredInput = StoredNumbers | StoredBytes;

/** The numbers of an input as `fill` writes them. */
export interface StoredNumbers {
  /** Whether the examples lie in memory; else they are drawn. */
  readonly inMemory: boolean;
}

/** The numbers of an input as bytes, each of which stands for the same count of numbers, in order. */
export interface StoredBytes extends StoredNumbers {
  /** Row b of `[256, count]` has the numbers of byte b, as `fill` writes them. */
  readonly values: Float32Array;
  /** Writes the bytes of the given examples to `out`. */
  read(examples: ArrayLike<number>, out: Uint8Array): void;
}
