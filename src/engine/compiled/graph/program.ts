import { HeldoutError } from '../../../core/errors.js';
import { firstLine } from '../../../core/text.js';
import { feedsAsIntegers } from '../../backends/device.js';
import { isOutOfMemory } from '../../backends/out-of-memory.js';
import { type Binding, DataType, tensorFlow } from '../../backends/tensorflow-backend.js';
import type { NamedArray, NamedArrays } from '../../engine.js';
import type { ResidentData } from '../../resident.js';
import type { Part } from '../recording/recording.js';
import { loadRows } from '../resident/load.js';
import { assemble, type Ports, type ProgramNames } from './assemble.js';
import { fusePart } from './fuse.js';
import { lowerPart } from './precision.js';
import { encodeSavedModel, servingTag, withSavedModel } from './saved-model.js';

/** A recorded function as a part of a TensorFlow graph, which keeps its state on the device. */
export interface Program {
  /** Sets all state. */
  assign(state: NamedArrays): void;
  /** Sets some of the state that no call changes. */
  set(state: NamedArrays): void;
  /** Runs once: changes the state, returns the outputs. */
  run(inputs: NamedArrays): NamedArrays;
  /** The same as many times as the part repeats, in one call: all arrays have a first axis of that length. */
  runMany(inputs: NamedArrays): NamedArrays;
  /** Copies of the state, or of some of it. */
  fetch(names?: readonly string[]): NamedArrays;
  /** Loads what the part takes rows of: all sources, one after the other, in place of what was loaded before. */
  hold(sources: readonly Pick<ResidentData, 'arrays' | 'examples'>[]): void;
  dispose(): void;
}

/** Several functions in one graph. */
export interface Programs {
  /** Each for itself; disposed of with the whole. */
  readonly parts: readonly Omit<Program, 'dispose' | 'hold'>[];
  /** Runs some parts once, side by side; inputs by part. */
  run(inputs: ReadonlyMap<number, NamedArrays>): Map<number, NamedArrays>;
  /** The same as many times as the parts repeat, in one call. */
  runMany(inputs: ReadonlyMap<number, NamedArrays>): Map<number, NamedArrays>;
  hold: Program['hold'];
  dispose(): void;
}

/** Protobuf's limit for one message. */
const mostBytes = 2 ** 31 - 1;

/** Encodes and loads one function. Throws as `loadPrograms` does. */
export function loadProgram(part: Part): Program {
  const { parts, hold, dispose } = loadPrograms([part]);
  return { ...parts[0]!, hold, dispose };
}

/**
 * Encodes and loads functions as one graph; `bits` as in `backends/device.ts`. Throws HeldoutError when it is too
 * large, and what TensorFlow throws when it refuses it.
 */
export function loadPrograms(options: readonly Part[], bits = feedsAsIntegers()): Programs {
  const { binding } = tensorFlow();
  const { nodes, names, store } = assemble(
    options.map((part) => fusePart(lowerPart(part))),
    bits,
  );
  const size = nodes.reduce((sum, { value }) => sum + (value?.bytes.byteLength ?? 0), 0);
  if (size > mostBytes) throw tooLarge(size);
  const id = withSavedModel(encodeSavedModel(nodes), (folder) => binding.loadSavedModel(folder, servingTag));
  const prepare = (inputs: readonly string[], outputs: readonly string[]) =>
    prepareCall(binding, id, inputs, outputs, bits);
  const parts = names.map((own) => preparePart(own, prepare));
  return {
    parts,
    run: prepareTogether(names, prepare),
    runMany: prepareTogether(
      names.map(({ many }) => many ?? { inputs: {}, outputs: {} }),
      prepare,
    ),
    hold(sources) {
      if (store !== undefined) loadRows(store, sources, prepare);
    },
    dispose: () => binding.deleteSavedModel(id),
  };
}

/** Runs some of the functions in one call. */
function prepareTogether(
  names: readonly Ports[],
  prepare: (inputs: readonly string[], outputs: readonly string[]) => Call,
): Programs['run'] {
  /** By which of them run. */
  const calls = new Map<string, Call>();
  return (inputs) => {
    const chosen = [...inputs.keys()];
    const key = chosen.join();
    const ports = chosen.map((index) => names[index]!);
    let call = calls.get(key);
    if (call === undefined) {
      call = prepare(
        ports.flatMap((one) => Object.values(one.inputs)),
        ports.flatMap((one) => Object.values(one.outputs)),
      );
      calls.set(key, call);
    }
    const fed = chosen.flatMap((index) => pick(Object.keys(names[index]!.inputs), inputs.get(index)!));
    const results = call(fed);
    let next = 0;
    return new Map(
      chosen.map((index) => {
        const keys = Object.keys(names[index]!.outputs);
        const own = results.slice(next, next + keys.length);
        next += keys.length;
        return [index, nameArrays(keys, own)];
      }),
    );
  };
}

function preparePart(
  names: ProgramNames,
  prepare: (inputs: readonly string[], outputs: readonly string[]) => Call,
): Programs['parts'][number] {
  const prepareRun = ({ inputs, outputs }: Ports) => {
    const [inputKeys, outputKeys] = [Object.keys(inputs), Object.keys(outputs)];
    const call = prepare(Object.values(inputs), Object.values(outputs));
    return (arrays: NamedArrays) => nameArrays(outputKeys, call(pick(inputKeys, arrays)));
  };
  const stateKeys = Object.keys(names.state);
  const assign = prepare(Object.values(names.assign), [names.assigned]);
  return {
    assign: (state) => void assign(pick(stateKeys, state)),
    set(state) {
      const chosen = Object.keys(state);
      const changed = chosen.find((name) => names.kept[name] === undefined);
      if (changed !== undefined) throw new Error(`${changed} cannot be set alone: every call changes it`);
      const inputs = chosen.map((name) => names.assign[name]!);
      prepare(
        inputs,
        chosen.map((name) => names.kept[name]!),
      )(pick(chosen, state));
    },
    run: prepareRun(names),
    runMany:
      names.many === undefined
        ? () => {
            throw new Error('this program makes one call at a time');
          }
        : prepareRun(names.many),
    fetch(chosen = stateKeys) {
      if (chosen.length === 0) return {};
      const nodes = chosen.map((name) => names.state[name]!);
      return nameArrays(chosen, prepare([], nodes)([]));
    },
  };
}

/** Feeds arrays in the order of its inputs and returns its outputs in theirs. */
type Call = (arrays: readonly NamedArray[]) => NamedArray[];

/** Names are put together once: a small step takes less time than that. */
function prepareCall(
  binding: Binding,
  id: number,
  inputs: readonly string[],
  outputs: readonly string[],
  bits: boolean,
): Call {
  const port = (node: string) => `${node}:0`;
  const [inputNames, outputNames] = [inputs.map(port).join(','), outputs.map(port).join(',')];
  return (arrays) => {
    const ids = arrays.map(({ shape, data }) => {
      if (data instanceof Int32Array) return binding.createTensor(shape, DataType.int32, data);
      if (!bits) return binding.createTensor(shape, DataType.float32, data);
      const integers = new Int32Array(data.buffer, data.byteOffset, data.length);
      return binding.createTensor(shape, DataType.int32, integers);
    });
    try {
      return binding.runSavedModel(id, ids, inputNames, outputNames).map((result) => {
        const values = binding.tensorDataSync(result.id);
        binding.deleteTensor(result.id);
        return { shape: result.shape, data: asNumbers(values) };
      });
    } catch (error) {
      throw explainFailure(error);
    } finally {
      for (const one of ids) binding.deleteTensor(one);
    }
  };
}

function explainFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const said = firstLine(error).replace(/^Session fail to run with error: /, '');
  if (!isOutOfMemory(error)) {
    return new HeldoutError({
      code: 'E_ENGINE_RUN',
      message: `TensorFlow could not run the step: ${said}`,
      hints: ['engine.compile=off  (runs op by op: shows which op of the model it is)'],
      exitCode: 1,
      cause: error,
    });
  }
  return new HeldoutError({
    code: 'E_ENGINE_MEMORY',
    message: `there is not enough memory for this step: ${said}`,
    hints: [
      'halve the batch: training.batch_size and evaluation.batch_size',
      'train fewer runs together: replicas=1, launcher.jobs=1',
    ],
    exitCode: 1,
    cause: error,
  });
}

function asNumbers(values: ArrayLike<number | bigint>): Float32Array | Int32Array {
  if (values instanceof Float32Array || values instanceof Int32Array) return values;
  return Int32Array.from(values as ArrayLike<number>);
}

function pick(keys: readonly string[], arrays: NamedArrays): NamedArray[] {
  return keys.map((key) => arrays[key]!);
}

function nameArrays(keys: readonly string[], arrays: readonly NamedArray[]): NamedArrays {
  const named: Record<string, NamedArray> = {};
  for (const [index, key] of keys.entries()) named[key] = arrays[index]!;
  return named;
}

function tooLarge(size: number): HeldoutError {
  return new HeldoutError({
    code: 'E_ENGINE_GRAPH_SIZE',
    message: `the constants of this step take ${(size / 1e9).toFixed(1)} GB, a TensorFlow graph holds 2`,
    hints: ['make large arrays inputs or parameters of the step', 'engine.compile=off'],
    exitCode: 1,
  });
}
