import type { NamedArray, NamedArrays } from '../../engine/engine.js';
import type { Head } from '../../variables/targets.js';

/** What is asked of people: whether they are hired. */
export const hired: Head = { name: 'hired', kind: 'binary', start: 0, width: 1 };

export interface Batch {
  /** Logits, or one row of outputs per person. */
  readonly outputs: readonly (number | readonly number[])[];
  readonly truth: readonly number[];
  readonly group: readonly number[];
}

export function columnOf(values: readonly number[]): NamedArray {
  return { shape: [values.length], data: Float32Array.from(values) };
}

export function rowsOf(rows: readonly (number | readonly number[])[]): NamedArray {
  const data = Float32Array.from(rows.flat());
  return { shape: [rows.length, data.length / rows.length], data };
}

/** The prediction, and the batch that it is of. */
export function arraysOf({ outputs, truth, group }: Batch): readonly [NamedArrays, NamedArrays] {
  return [{ prediction: rowsOf(outputs) }, { target: rowsOf(truth), protected: columnOf(group) }];
}
