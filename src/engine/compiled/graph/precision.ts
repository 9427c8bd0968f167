import { DataType, type OpAttribute } from '../../backends/tensorflow-backend.js';
import type { Part, RecordedOp, Recording, Source } from '../recording/recording.js';
import { typeAttribute } from './graph.js';
import { typeOf } from './step-nodes.js';

/** Of the factors of products and convolutions; all else is float32. */
export type LowPrecision = 'bfloat16' | 'float16';

/** Ops whose factors are rounded, and whose results are low. */
const products = new Set([
  ...['MatMul', 'BatchMatMul', 'BatchMatMulV2', 'Einsum'],
  ...['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
  ...['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
]);
/** Ops that choose and move numbers: whether they round before or after is all the same. */
const exact = new Set([
  ...['Relu', 'ReluGrad', 'MaxPool', 'Identity'],
  ...['Reshape', 'Transpose', 'ExpandDims', 'Squeeze'],
  ...['ConcatV2', 'Pack', 'Unpack', 'Slice', 'StridedSlice', 'Split', 'SplitV'],
]);

/** A value of the recording in the rewritten one: in float32, rounded, or both. */
interface Value {
  full?: Source;
  low?: Source;
  /** Whether `low` is all there is of it: nothing was lost between the two. */
  readonly isLow: boolean;
}

/**
 * The part with casts around its products and convolutions. What stands between two of them and rounds nothing
 * itself stays low, and so does a bias, which TensorFlow fuses with the product before it. A product with one row
 * or one column is a sum, as norms and means are made of, and stays float32.
 */
export function lowerPart(part: Part): Part {
  return part.precision === undefined ? part : { ...part, recording: lowerRecording(part, part.precision) };
}

function lowerRecording(part: Part, precision: LowPrecision): Recording {
  const { recording, state, inputs } = part;
  const type = DataType[precision];
  const ops: RecordedOp[] = [];
  const results: Value[][] = [];
  /** What does not come from an op. */
  const leaves = new Map<string, Value>();

  const find = (source: Source): Value => {
    if (source.kind === 'op') return results[source.index]![source.output]!;
    const key = `${source.kind} ${'name' in source ? source.name : source.index}`;
    const known = leaves.get(key) ?? { full: source, isLow: false };
    leaves.set(key, known);
    return known;
  };
  const isFloat = (source: Source) => typeOf(source, recording, state, inputs) === DataType.float32;
  const shapeOf = (source: Source): readonly number[] => {
    switch (source.kind) {
      case 'op':
        return recording.ops[source.index]!.shapes[source.output]!;
      case 'constant':
        return recording.constants[source.index]!.shape;
      default:
        return (source.kind === 'state' ? state : inputs)[source.name]!.shape;
    }
  };
  const cast = (from: Source, shape: readonly number[], types: readonly [number, number]): Source => {
    const attributes = [typeAttribute('SrcT', types[0]), typeAttribute('DstT', types[1])];
    ops.push({ op: 'Cast', attributes, inputs: [from], types: [types[1]], shapes: [shape], site: undefined });
    return { kind: 'op', index: ops.length - 1, output: 0 };
  };
  const full = (source: Source): Source => {
    const value = find(source);
    value.full ??= cast(value.low!, shapeOf(source), [type, DataType.float32]);
    return value.full;
  };
  const low = (source: Source): Source => {
    const value = find(source);
    value.low ??= cast(value.full!, shapeOf(source), [DataType.float32, type]);
    return value.low;
  };

  for (const op of recording.ops) {
    const floats = op.inputs.filter(isFloat);
    const lowers = goesLow(op, floats, (source) => find(source).isLow);
    const sources = op.inputs.map((source) => (lowers && isFloat(source) ? low(source) : full(source)));
    const attributes = lowers ? op.attributes.map((one) => lowerType(one, type)) : op.attributes;
    const types = op.types.map((one) => (lowers && one === DataType.float32 ? type : one));
    const index = ops.push({ ...op, attributes, inputs: sources, types }) - 1;
    results.push(
      types.map((one, output): Value => {
        const source: Source = { kind: 'op', index, output };
        return lowers && one === type ? { low: source, isLow: true } : { full: source, isLow: false };
      }),
    );
  }
  const mapAll = (sources: Readonly<Record<string, Source>>) =>
    Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, full(source)]));
  return {
    state: mapAll(recording.state),
    outputs: mapAll(recording.outputs),
    updates: recording.updates.map((update) => ({
      ...update,
      changes: update.changes.map(full),
      start: update.start && full(update.start),
      inputs: update.inputs.map(full),
      results: update.results.map(full),
    })),
    constants: recording.constants,
    ops,
  };
}

function goesLow(
  { op, shapes }: RecordedOp,
  floats: readonly Source[],
  isLow: (source: Source) => boolean,
): boolean {
  if (exact.has(op)) return floats.length > 0 && floats.every(isLow);
  if (op === 'BiasAdd') return isLow(floats[0]!);
  if (!products.has(op) || floats.length < 2) return false;
  return op.includes('Conv') || shapes[0]!.slice(-2).every((size) => size > 1);
}

function lowerType(attribute: OpAttribute, type: number): OpAttribute {
  return attribute.name === 'T' && attribute.value === DataType.float32
    ? { ...attribute, value: type }
    : attribute;
}
