import { type TensorInfo, tidy } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/numbers/shape.js';
import {
  dataTypeOf,
  type OpAttribute,
  type OpInput,
  type TensorFlowBackend,
  tensorFlow,
} from '../../backends/tensorflow-backend.js';
import type { TensorMap } from '../../engine.js';
import { type ConstantValue, typeAttribute } from '../graph/graph.js';
import {
  type FusedUpdate,
  type RecordedOp,
  type Recording,
  type Source,
  UnrecordableError,
} from './recording.js';
import { findSite } from './site.js';

/** A pure function of state and inputs; state that it does not return stays as it is. */
export type StateFunction = (
  state: TensorMap,
  inputs: TensorMap,
) => { readonly state: TensorMap; readonly outputs: TensorMap };

/** An update in place that the ops of one call amount to. */
export interface FusedCall {
  readonly op: string;
  readonly attributes: readonly OpAttribute[];
  readonly changes: readonly TensorInfo[];
  /** What the first of them is set to before, where the op does not begin with the state itself. */
  readonly start?: TensorInfo | undefined;
  readonly inputs: readonly TensorInfo[];
}

let active: Recorder | undefined;

/**
 * Runs `compute`, whose results are the new values of the call's `changes`; a recording notes that the op of the
 * call computes the same in place.
 */
export function fuseUpdate<T extends readonly TensorInfo[]>(call: () => FusedCall, compute: () => T): T {
  const results = compute();
  active?.fuse(call(), results);
  return results;
}

/**
 * Runs a function once and writes down every op that it executes. Throws UnrecordableError when it looks at
 * numbers that depend on state or inputs.
 * @param withSites Whether to find out where each op was called, which takes time.
 */
export function record(
  compute: StateFunction,
  state: TensorMap,
  inputs: TensorMap,
  withSites = false,
): Recording {
  if (active !== undefined) throw new Error('a recording is being made already');
  const recorder = new Recorder(tensorFlow(), state, inputs, withSites);
  active = recorder;
  const restore = recorder.attach();
  try {
    let recording: Recording | undefined;
    tidy(() => {
      const returned = compute(state, inputs);
      recording = recorder.finish(returned.state, returned.outputs);
    });
    return recording!;
  } finally {
    restore();
    active = undefined;
  }
}

class Recorder {
  readonly #backend: TensorFlowBackend;
  readonly #withSites: boolean;
  readonly #sources = new Map<object, Source>();
  readonly #ops: RecordedOp[] = [];
  readonly #constants: ConstantValue[] = [];
  readonly #updates: FusedUpdate[] = [];
  readonly #read: TensorFlowBackend['readSync'];

  constructor(backend: TensorFlowBackend, state: TensorMap, inputs: TensorMap, withSites: boolean) {
    this.#backend = backend;
    this.#withSites = withSites;
    this.#read = backend.readSync.bind(backend);
    for (const [name, { dataId }] of Object.entries(state))
      this.#sources.set(dataId, { kind: 'state', name });
    for (const [name, { dataId }] of Object.entries(inputs))
      this.#sources.set(dataId, { kind: 'input', name });
  }

  /** Puts itself between the kernels and the addon; returns the way back. */
  attach(): () => void {
    const backend = this.#backend;
    const single = backend.executeSingleOutput;
    const multiple = backend.executeMultipleOutputs;
    const read = backend.readSync;
    const run: TensorFlowBackend['executeMultipleOutputs'] = (op, attributes, inputs, outputs) => {
      const sources = inputs.map((input) => this.#sourceOf(input));
      const results = multiple.call(backend, op, attributes, inputs, outputs);
      this.#note(op, complete(op, attributes, inputs), sources, results);
      return results;
    };
    backend.executeMultipleOutputs = run;
    backend.executeSingleOutput = (op, attributes, inputs) => run(op, attributes, inputs, 1)[0]!;
    backend.readSync = (dataId) => {
      const source = this.#sources.get(dataId);
      if (source === undefined || source.kind === 'constant') return this.#read(dataId);
      throw new UnrecordableError(`${describe(source, this.#ops)} is read by JavaScript`, findSite());
    };
    return () => {
      backend.executeSingleOutput = single;
      backend.executeMultipleOutputs = multiple;
      backend.readSync = read;
    };
  }

  fuse({ op, attributes, changes, start, inputs }: FusedCall, results: readonly TensorInfo[]): void {
    this.#updates.push({
      op,
      attributes,
      changes: changes.map((tensor) => this.#sourceOf(tensor)),
      start: start && this.#sourceOf(start),
      inputs: inputs.map((tensor) => this.#sourceOf(tensor)),
      results: results.map((tensor) => this.#sourceOf(tensor)),
    });
  }

  finish(state: TensorMap, outputs: TensorMap): Recording {
    const sources = (tensors: TensorMap) =>
      Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, this.#sourceOf(tensor)]));
    return {
      state: sources(state),
      outputs: sources(outputs),
      ops: this.#ops,
      constants: this.#constants,
      updates: this.#updates,
    };
  }

  #note(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Source[],
    results: TensorInfo[],
  ): void {
    const index = this.#ops.length;
    const types = results.map(({ dtype }) => dataTypeOf(dtype));
    const shapes = results.map(({ shape }) => [...shape]);
    this.#ops.push({ op, attributes, inputs, types, shapes, site: this.#withSites ? findSite() : undefined });
    for (const [output, { dataId }] of results.entries()) {
      this.#sources.set(dataId, { kind: 'op', index, output });
    }
  }

  #sourceOf(input: OpInput): Source {
    if ('valueArray' in input) {
      return this.#constant({
        dtype: dataTypeOf('int64'),
        shape: [],
        bytes: bytesOf(BigInt64Array.of(BigInt(input.valueArray[0]!))),
      });
    }
    const known = this.#sources.get(input.dataId);
    if (known !== undefined) return known;
    const values = this.#read(input.dataId) as Float32Array | Int32Array | Uint8Array;
    if (input.dtype === 'string' || values.length !== sizeOf(input.shape)) {
      throw new UnrecordableError(`a constant of type ${input.dtype} cannot be recorded`, findSite());
    }
    const source = this.#constant({
      dtype: dataTypeOf(input.dtype),
      shape: [...input.shape],
      bytes: bytesOf(values).slice(),
    });
    this.#sources.set(input.dataId, source);
    return source;
  }

  #constant(value: ConstantValue): Source {
    return { kind: 'constant', index: this.#constants.push(value) - 1 };
  }
}

/** Types that kernels leave for the eager executor to find; a graph wants them written down. */
const omitted: Readonly<Record<string, readonly string[]>> = { ExpandDims: ['T', 'Tdim'] };

/** A copy, since kernels may use their list again. */
function complete(op: string, attributes: readonly OpAttribute[], inputs: readonly OpInput[]): OpAttribute[] {
  const given = attributes.map((one) => ({ ...one }));
  const missing = (omitted[op] ?? []).filter((name) => !given.some((one) => one.name === name));
  const types = missing.map((name) =>
    typeAttribute(name, dataTypeOf(inputs[omitted[op]!.indexOf(name)]!.dtype)),
  );
  return [...given, ...types];
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function describe(source: Source, ops: readonly RecordedOp[]): string {
  return source.kind === 'op'
    ? `the result of ${ops[source.index]!.op}`
    : `the ${source.kind} ${'name' in source ? source.name : ''}`;
}
