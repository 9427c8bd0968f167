import { HeldoutError } from '../../core/errors.js';
import { firstLine } from '../../core/text.js';
import { type Binding, DataType, tensorFlow } from '../backends/tensorflow-backend.js';
import type { NamedArray, NamedArrays } from '../engine.js';
import { assemble, type Signature } from './assemble.js';
import type { Recording } from './recording.js';
import { encodeSavedModel, servingTag, withSavedModel } from './saved-model.js';

export interface ProgramOptions {
  readonly recording: Recording;
  /** Types and shapes of the state and of the inputs, by name. */
  readonly state: Readonly<Record<string, Signature>>;
  readonly inputs: Readonly<Record<string, Signature>>;
  /** Lets XLA compile what it can. */
  readonly xla: boolean;
}

/** A recorded function as a TensorFlow graph, which keeps its state on the device. */
export interface Program {
  /** Sets all state. */
  assign(state: NamedArrays): void;
  /** Runs once: changes the state, returns the outputs. */
  run(inputs: NamedArrays): NamedArrays;
  /** Copies of the state, or of some of it. */
  fetch(names?: readonly string[]): NamedArrays;
  dispose(): void;
}

/** Protobuf's limit for one message. */
const mostBytes = 2 ** 31 - 1;

/** Encodes and loads a recording. Throws HeldoutError when TensorFlow refuses it, and when it is too large. */
export function loadProgram(options: ProgramOptions): Program {
  const { binding } = tensorFlow();
  const { nodes, names } = assemble(options);
  const size = nodes.reduce((sum, { value }) => sum + (value?.bytes.byteLength ?? 0), 0);
  if (size > mostBytes) throw tooLarge(size);
  const id = withSavedModel(encodeSavedModel(nodes), (folder) => binding.loadSavedModel(folder, servingTag));
  const runGraph = (inputs: readonly Feed[], outputs: readonly string[]) =>
    callGraph(binding, id, inputs, outputs);

  return {
    assign(state) {
      const feeds = Object.entries(names.assign).map(([name, node]) => feed(node, state[name]!));
      runGraph(feeds, [names.assigned]);
    },
    run(inputs) {
      const feeds = Object.entries(names.inputs).map(([name, node]) => feed(node, inputs[name]!));
      return nameArrays(names.outputs, runGraph(feeds, Object.values(names.outputs)));
    },
    fetch(chosen = Object.keys(names.state)) {
      if (chosen.length === 0) return {};
      const nodes = Object.fromEntries(chosen.map((name) => [name, names.state[name]!]));
      return nameArrays(nodes, runGraph([], Object.values(nodes)));
    },
    dispose: () => binding.deleteSavedModel(id),
  };
}

interface Feed {
  readonly node: string;
  readonly array: NamedArray;
  readonly dtype: number;
}

function feed(node: string, array: NamedArray): Feed {
  return { node, array, dtype: array.data instanceof Int32Array ? DataType.int32 : DataType.float32 };
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
