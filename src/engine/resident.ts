import type { NamedArrays } from './engine.js';

/**
 * How numbers lie in memory: as they are, or as bytes, each of which stands for the same count of numbers. Row b of
 * `values` `[256, count]` has those of byte b: a pixel's value, or eight pixels of one bit.
 */
export type StoredForm = 'float32' | 'int32' | { readonly values: Float32Array };

/** One input of all examples. */
export interface StoredArray {
  /** Of one example, as a batch has it. */
  readonly shape: readonly number[];
  readonly form: StoredForm;
  /** Rows from `start` on, one after the other, in their form; bytes as a `Uint8Array`. */
  read(start: number, count: number): Float32Array | Int32Array | Uint8Array;
}

/**
 * All examples that batches are made of. Where they fit, they lie on the device, and a step gathers its batch from
 * the rows' numbers alone, to the bit what the batch would have been.
 */
export interface ResidentData {
  /** Names the numbers: trainers that share a graph share the arrays of one key. */
  readonly key: string;
  /** Rows of every array. */
  readonly examples: number;
  /** By the names of a batch's inputs. */
  readonly arrays: Readonly<Record<string, StoredArray>>;
  /** Every batch is all rows, in their order: then nothing is gathered, where every array is numbers as they are. */
  readonly whole?: boolean;
}

/** The input that takes the place of those that are resident: `[batch]` int32. */
export const rowsInput = 'resident/rows';

/** Begins the names of a batch's inputs that are fed at every step, also beside resident data: random numbers. */
export const drawPrefix = 'draws/';

/** Those of a batch. */
export function drawsOf(batch: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(batch).filter(([name]) => name.startsWith(drawPrefix)));
}

/** A batch of these rows of resident data. */
export function batchOfRows(rows: Int32Array): NamedArrays {
  return { [rowsInput]: { shape: [rows.length], data: rows } };
}
