import { backend, type KernelBackend, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';

/** An attribute of an op as the addon takes it; `type` is a TF_AttrType. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: AttributeValue;
}
export type AttributeValue = string | boolean | number | readonly (string | boolean | number)[] | null;

/** What TF.js sends for a 64-bit integer, which it has no tensor for. */
export interface Int64Scalar {
  readonly dtype: 'int64';
  readonly valueArray: Int32Array;
}
export type OpInput = TensorInfo | Int64Scalar;

export interface OutputInfo {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

type Values = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/** The addon: TensorFlow's C API, as far as TF.js needs it. Tensors and graphs are numbers. */
export interface Binding {
  readonly TF_Version: string;
  /** Why our own ops are not there, or nothing; absent from an addon that was built without them. */
  readonly heldoutOpsProblem?: string;
  isUsingGpuDevice(): boolean;
  createTensor(shape: readonly number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Values;
  getNumOfTensors(): number;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  getNumOfSavedModels(): number;
  /** Names are separated by commas: `in0:0,in1:0`. */
  runSavedModel(id: number, inputs: readonly number[], names: string, outputs: string): OutputInfo[];
}

/** The backend object of tfjs-node: every kernel ends in one of the two methods that execute an op. */
export interface TensorFlowBackend extends KernelBackend {
  readonly binding: Binding;
  readonly isUsingGpuDevice: boolean;
  executeSingleOutput(op: string, attributes: readonly OpAttribute[], inputs: readonly OpInput[]): Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly OpInput[],
    outputs: number,
  ): Tensor[];
}

/** The started tensorflow backend. */
export function tensorFlow(): TensorFlowBackend {
  return backend() as TensorFlowBackend;
}

/** TF_AttrType of TensorFlow's C API. */
export const AttributeType = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const;

/** TF_DataType of TensorFlow's C API, which is DataType of its graphs. */
export const DataType = {
  float32: 1,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  float16: 19,
} as const;

export function dataTypeOf(dtype: string): number {
  const type = (DataType as Readonly<Record<string, number>>)[dtype];
  if (type === undefined) throw new Error(`a tensor of type ${dtype} has no place in a TensorFlow graph`);
  return type;
}
