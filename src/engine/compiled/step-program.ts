import { HeldoutError } from '../../core/errors.js';
import type { NamedArray, NamedArrays, StepInputs, TrainerOptions } from '../engine.js';
import { trainingStep } from '../step.js';
import type { LowPrecision } from './graph/precision.js';
import { enterNumbers, type NumberedFunction, numberInputs, recordPart } from './recording/record-part.js';
import type { Part } from './recording/recording.js';

export interface StepRecording {
  readonly part: Part;
  /** The inputs of an example of the step. */
  readonly example: NamedArrays;
}

/**
 * Records the training step that comes after `updates` others, as a function of one flat state. Throws
 * UnrecordableError when no graph can do what the step does.
 */
export function recordStep(
  options: TrainerOptions,
  now: {
    readonly state: NamedArrays;
    readonly updates: number;
    readonly batch: NamedArrays;
    readonly inputs: StepInputs;
    readonly xla?: boolean;
    readonly precision?: LowPrecision | undefined;
  },
): StepRecording {
  const { state, updates, batch, inputs, xla = false, precision } = now;
  // Other numbers than the first ones wherever a step may have others.
  const others = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, 0.75 * value + 0.125]),
  );
  const numbers = stepNumbers(options, inputs, updates + 1);
  const later = stepNumbers(options, { ...inputs, ...others }, updates + 2);
  const part = recordPart({
    compute: asStateFunction(options),
    state,
    batch,
    numbers: [numbers, later],
    xla,
    precision,
  });
  return { part, example: { ...batch, ...numberInputs(numbers) } };
}

/** All that enters update number `step`, from 1, besides state. */
export function stepInputs(
  options: TrainerOptions,
  batch: NamedArrays,
  inputs: StepInputs,
  step: number,
): NamedArrays {
  const entered: Record<string, NamedArray> = {};
  for (const name in batch) entered[name] = batch[name]!;
  enterNumbers(entered, inputs);
  enterNumbers(entered, options.optimizer.numbers(inputs, step));
  return entered;
}

function stepNumbers({ optimizer }: TrainerOptions, inputs: StepInputs, step: number) {
  return { ...inputs, ...optimizer.numbers(inputs, step) };
}

/** The training step over one flat state. */
function asStateFunction(options: TrainerOptions): NumberedFunction {
  const step = trainingStep(options);
  return (state, batch, numbers) => {
    const { loss, ...next } = step(splitState(state), batch, numbers);
    return { state: joinState(next), outputs: { loss } };
  };
}

export function joinState<T>({
  parameters,
  slots,
}: Record<'parameters' | 'slots', Readonly<Record<string, T>>>) {
  return { ...prefixKeys('parameters/', parameters), ...prefixKeys('slots/', slots) };
}

export function splitState<T>(state: Readonly<Record<string, T>>) {
  return { parameters: pickKeys('parameters/', state), slots: pickKeys('slots/', state) };
}

function prefixKeys<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));
}

function pickKeys<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  const entries = Object.entries(record).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}

export type Shapes = Readonly<Record<string, readonly number[]>>;

export function shapesOf(batch: NamedArrays): Shapes {
  return Object.fromEntries(Object.entries(batch).map(([name, { shape }]) => [name, [...shape]]));
}

/** Examples of a batch: the first axis of its inputs. */
export function batchSizeOf(batch: NamedArrays): number {
  return Object.values(batch)[0]?.shape[0] ?? 0;
}

/** `image [64, 8, 8, 1], target [64, 2]`. */
function describeShapes(shapes: Shapes): string {
  return Object.entries(shapes)
    .map(([name, shape]) => `${name} [${shape.join(', ')}]`)
    .join(', ');
}

/** Throws HeldoutError when a batch has other shapes than the first one. */
export function checkBatch(first: Shapes, batch: NamedArrays): void {
  let same = true;
  for (const name in first) same &&= isShape(first[name]!, batch[name]?.shape);
  for (const name in batch) same &&= name in first;
  if (same) return;
  throw new HeldoutError({
    code: 'E_ENGINE_SHAPE',
    message: `the batches of a compiled step keep their shapes, but ${describeShapes(first)} became ${describeShapes(shapesOf(batch))}`,
    hints: [
      'fill up or drop a last batch that is smaller',
      'engine.compile=off  (runs op by op: slower, and shapes may change)',
    ],
    exitCode: 1,
  });
}

function isShape(expected: readonly number[], found: readonly number[] | undefined): boolean {
  if (found === undefined || found.length !== expected.length) return false;
  for (let axis = 0; axis < expected.length; axis++) if (found[axis] !== expected[axis]) return false;
  return true;
}
