import { HeldoutError } from '../../core/errors.js';
import { firstLine } from '../../core/text.js';
import { feedsAsIntegers } from '../backends/device.js';
import { type Binding, DataType, tensorFlow } from '../backends/tensorflow-backend.js';
import type { NamedArray, NamedArrays } from '../engine.js';
import { assemble, type Part } from './assemble.js';
import { encodeSavedModel, servingTag, withSavedModel } from './saved-model.js';

/** A recorded function as a part of a TensorFlow graph, which keeps its state on the device. */
export interface Program {
  /** Sets all state. */
  assign(state: NamedArrays): void;
  /** Runs once: changes the state, returns the outputs. */
  run(inputs: NamedArrays): NamedArrays;
  /** Copies of the state, or of some of it. */
  fetch(names?: readonly string[]): NamedArrays;
  dispose(): void;
}

/** Several functions in one graph. */
export interface Programs {
  /** Each for itself; disposed of with the whole. */
  readonly parts: readonly Omit<Program, 'dispose'>[];
  /** Runs some parts once, side by side; inputs by part. */
  run(inputs: ReadonlyMap<number, NamedArrays>): Map<number, NamedArrays>;
  dispose(): void;
}

/** Protobuf's limit for one message. */
const mostBytes = 2 ** 31 - 1;

/** Encodes and loads one function. Throws as `loadPrograms` does. */
export function loadProgram(part: Part): Program {
  const { parts, dispose } = loadPrograms([part]);
  return { ...parts[0]!, dispose };
}

/**
 * Encodes and loads functions as one graph; `bits` as in `backends/device.ts`. Throws HeldoutError when it is too large, and what TensorFlow throws
 * when it refuses it.
 */
export function loadPrograms(options: readonly Part[], bits = feedsAsIntegers()): Programs {
  const { binding } = tensorFlow();
  const { nodes, names } = assemble(options, bits);
  const size = nodes.reduce((sum, { value }) => sum + (value?.bytes.byteLength ?? 0), 0);
  if (size > mostBytes) throw tooLarge(size);
  const id = withSavedModel(encodeSavedModel(nodes), (folder) => binding.loadSavedModel(folder, servingTag));
  const call = (feeds: readonly Feed[], outputs: readonly string[]) => callGraph(binding, id, feeds, outputs);

  function run(inputs: ReadonlyMap<number, NamedArrays>): Map<number, NamedArrays> {
    const chosen = [...inputs.keys()];
    const feeds = [...inputs].flatMap(([index, arrays]) => feedAll(names[index]!.inputs, arrays, bits));
    const results = call(
      feeds,
      chosen.flatMap((index) => Object.values(names[index]!.outputs)),
    );
    let next = 0;
    return new Map(
      chosen.map((index) => {
        const { outputs } = names[index]!;
        const own = results.slice(next, next + Object.keys(outputs).length);
        next += own.length;
        return [index, nameArrays(outputs, own)];
      }),
    );
  }

  return {
    run,
    parts: names.map((own, index) => ({
      assign: (state) => void call(feedAll(own.assign, state, bits), [own.assigned]),
      run: (inputs) => run(new Map([[index, inputs]])).get(index)!,
      fetch(chosen = Object.keys(own.state)) {
        if (chosen.length === 0) return {};
        const fetched = Object.fromEntries(chosen.map((name) => [name, own.state[name]!]));
        return nameArrays(fetched, call([], Object.values(fetched)));
      },
    })),
    dispose: () => binding.deleteSavedModel(id),
  };
}

interface Feed {
  readonly node: string;
  readonly array: NamedArray;
  readonly dtype: number;
}

function feedAll(nodes: Readonly<Record<string, string>>, arrays: NamedArrays, bits: boolean): Feed[] {
  return Object.entries(nodes).map(([name, node]) => {
    const { shape, data } = arrays[name]!;
    if (data instanceof Int32Array) return { node, array: { shape, data }, dtype: DataType.int32 };
    if (!bits) return { node, array: { shape, data }, dtype: DataType.float32 };
    const integers = new Int32Array(data.buffer, data.byteOffset, data.length);
    return { node, array: { shape, data: integers }, dtype: DataType.int32 };
  });
}

function callGraph(
  binding: Binding,
  id: number,
  feeds: readonly Feed[],
  outputs: readonly string[],
): NamedArray[] {
  const ids = feeds.map(({ array, dtype }) => binding.createTensor(array.shape, dtype, array.data));
  try {
    const names = feeds.map(({ node }) => `${node}:0`).join(',');
    const results = binding.runSavedModel(id, ids, names, outputs.map((node) => `${node}:0`).join(','));
    return results.map((result) => {
      const values = binding.tensorDataSync(result.id);
      binding.deleteTensor(result.id);
      return { shape: result.shape, data: asNumbers(values) };
    });
  } catch (error) {
    throw explainFailure(error);
  } finally {
    for (const one of ids) binding.deleteTensor(one);
  }
}

/** What TensorFlow says when it runs out of memory, on a CPU and on a GPU. */
const outOfMemory =
  /OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhausted|CUDA_ERROR_OUT_OF_MEMORY|bad_alloc/;

function explainFailure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const said = firstLine(error).replace(/^Session fail to run with error: /, '');
  if (!outOfMemory.test(error.message)) {
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
      'run fewer jobs at a time: launcher.jobs=1',
    ],
    exitCode: 1,
    cause: error,
  });
}

function asNumbers(values: ArrayLike<number | bigint>): Float32Array | Int32Array {
  if (values instanceof Float32Array || values instanceof Int32Array) return values;
  return Int32Array.from(values as ArrayLike<number>);
}

function nameArrays(nodes: Readonly<Record<string, string>>, arrays: readonly NamedArray[]): NamedArrays {
  return Object.fromEntries(Object.keys(nodes).map((name, index) => [name, arrays[index]!]));
}

function tooLarge(size: number): HeldoutError {
  return new HeldoutError({
    code: 'E_ENGINE_GRAPH_SIZE',
    message: `the constants of this step take ${(size / 1e9).toFixed(1)} GB, a TensorFlow graph holds 2`,
    hints: ['make large arrays inputs or parameters of the step', 'engine.compile=off'],
    exitCode: 1,
  });
}
