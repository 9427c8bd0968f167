import { scalar, type Tensor } from '@tensorflow/tfjs-core';
import { toTensors } from '../../arrays.js';
import type { NamedArray, NamedArrays, Quantities, TensorMap } from '../../engine.js';
import type { LowPrecision } from '../graph/precision.js';
import { record, type StateFunction } from './record.js';
import { checkEqual, type Part, type Recording, UnrecordableError } from './recording.js';

/** A pure function of state, a batch and numbers. */
export type NumberedFunction = (
  state: TensorMap,
  batch: TensorMap,
  numbers: Quantities,
) => ReturnType<StateFunction>;

export interface RecordOptions {
  readonly compute: NumberedFunction;
  readonly state: NamedArrays;
  readonly batch: NamedArrays;
  /** The numbers of two different steps. */
  readonly numbers: readonly [Numbers, Numbers];
  readonly xla: boolean;
  readonly precision?: LowPrecision | undefined;
}

type Numbers = Readonly<Record<string, number>>;

/**
 * Records the function twice, on different batches and numbers. Throws UnrecordableError when the recordings differ,
 * since a graph would freeze what differs. Numbers are inputs under `number/NAME`.
 */
export function recordPart(options: RecordOptions): Part {
  const { batch, numbers, state, xla, precision } = options;
  return {
    recording: recordTwice(options),
    state: mapArrays(state, signature),
    inputs: mapArrays({ ...batch, ...numberInputs(numbers[0]) }, signature),
    xla,
    precision,
  };
}

/** Numbers as inputs of a program. */
export function numberInputs(numbers: Numbers): NamedArrays {
  const inputs: Record<string, NamedArray> = {};
  enterNumbers(inputs, numbers);
  return inputs;
}

/** Adds numbers to the inputs. */
export function enterNumbers(inputs: Record<string, NamedArray>, numbers: Numbers): void {
  for (const name in numbers) {
    const data = new Float32Array(1);
    data[0] = numbers[name]!;
    inputs[inputName(name)] = { shape: scalarShape, data };
  }
}

/** Names are put together once: a tiny step takes not much longer than that. */
function inputName(name: string): string {
  let known = inputNames.get(name);
  if (known === undefined) {
    known = `number/${name}`;
    inputNames.set(name, known);
  }
  return known;
}

const inputNames = new Map<string, string>();

const scalarShape: readonly number[] = [];

function recordTwice({ compute, state, batch, numbers }: RecordOptions): Recording {
  const batches = [batch, mapArrays(batch, rotate)] as const;
  const run = (index: 0 | 1, withSites: boolean) =>
    withTensors(state, batches[index], numbers[index], (tensors, inputs, quantities) =>
      record(
        (current) => compute(current, inputs, quantities),
        tensors,
        { ...inputs, ...prefixed(quantities) },
        withSites,
      ),
    );
  const first = run(0, false);
  try {
    checkEqual(first, run(1, false));
    return first;
  } catch (error) {
    if (!(error instanceof UnrecordableError)) throw error;
  }
  // Once more, to find the lines of the model.
  checkEqual(run(0, true), run(1, true));
  throw new UnrecordableError('the ops differ at some times only', undefined);
}

function withTensors<T>(
  state: NamedArrays,
  batch: NamedArrays,
  numbers: Numbers,
  use: (state: TensorMap, batch: TensorMap, numbers: Record<string, Tensor>) => T,
): T {
  const tensors = toTensors(state);
  const inputs = toTensors(batch);
  const quantities = Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, scalar(value)]),
  );
  try {
    return use(tensors, inputs, quantities);
  } finally {
    for (const group of [tensors, inputs, quantities]) for (const one of Object.values(group)) one.dispose();
  }
}

function prefixed(quantities: Readonly<Record<string, Tensor>>): TensorMap {
  return Object.fromEntries(Object.entries(quantities).map(([name, value]) => [`number/${name}`, value]));
}

/** Another batch that is as valid: the examples in another order. */
function rotate({ shape, data }: NamedArray): NamedArray {
  const rows = shape[0] ?? 1;
  const width = rows === 0 ? 0 : data.length / rows;
  const rotated = data.slice();
  rotated.set(data.subarray(width));
  rotated.set(data.subarray(0, width), data.length - width);
  return { shape, data: rotated };
}

function signature({ shape, data }: NamedArray) {
  return { shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' };
}

function mapArrays<T>(arrays: NamedArrays, map: (array: NamedArray) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, map(array)]));
}
