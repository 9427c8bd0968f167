import type { OpAttribute } from '../../../backends/tensorflow-backend.js';
import { attribute, typeAttribute } from '../../graph/graph.js';
import { type Builder, ownShape, type Rule, UnstackableError, type Value } from './builder.js';
import { stackedOutputs } from './elementwise.js';

const matMul: Rule = ({ attributes, inputs, outputs }, graph) => {
  const [a, b] = inputs as [Value, Value];
  const transposed = { a: isSet(attributes, 'transpose_a'), b: isSet(attributes, 'transpose_b') };
  const [shape] = stackedOutputs(outputs, graph);
  if (!b.stacked && !transposed.a) {
    // One matrix for all: one tall product.
    const [, columns] = outputs[0]!.shape;
    const tall = { type: a.type, shape: [a.shape[0]! * a.shape[1]!, columns!] };
    const [product] = graph.add('MatMul', attributes, [graph.fold(a), b], [tall]);
    return [graph.reshape(product!, shape!.shape)];
  }
  return graph.add('BatchMatMulV2', batched(a.type, transposed.a, transposed.b), inputs, [shape!]);
};

const batchMatMul: Rule = ({ op, attributes, inputs, outputs }, graph) => {
  const rank = outputs[0]!.shape.length;
  const aligned = inputs.map((input) =>
    graph.align(op === 'BatchMatMul' ? graph.spread(input) : input, rank),
  );
  return graph.add(op, attributes, aligned, stackedOutputs(outputs, graph));
};

const biasAdd: Rule = ({ attributes, inputs, outputs }, graph) => {
  refuseChannelsFirst(attributes);
  const aligned = inputs.map((input) => graph.align(input, outputs[0]!.shape.length));
  return graph.add('AddV2', [typeAttribute('T', outputs[0]!.type)], aligned, stackedOutputs(outputs, graph));
};

/** The sum over rows as a product with a row of ones, which is faster than a sum over an axis in the middle. */
const biasAddGrad: Rule = ({ attributes, inputs: [dy], outputs }, graph) => {
  refuseChannelsFirst(attributes);
  return [sumRows(dy!, outputs[0]!.shape[0]!, graph)];
};

/** `[K, ..., n]` summed to `[K, n]`; float32. */
function sumRows(value: Value, columns: number, graph: Builder): Value {
  const { size } = graph;
  const rows = ownShape(value)
    .slice(0, -1)
    .reduce((product, one) => product * one, 1);
  const matrices = graph.reshape(value, [size, rows, columns]);
  const [sums] = graph.add(
    'BatchMatMulV2',
    batched(value.type, false, false),
    [graph.filled([1, rows], 1), matrices],
    [{ type: value.type, shape: [size, 1, columns] }],
  );
  return graph.reshape(sums!, [size, columns]);
}

/** A letter of its own for the axis of the replicas. */
const einsum: Rule = ({ op, attributes, inputs, outputs }, graph) => {
  const equation = String(attributes.find(({ name }) => name === 'equation')?.value);
  const letter = [...'zyxwvutsrqponmlkjihgfedcba'].find((one) => !equation.includes(one));
  const [terms, result] = equation.split('->');
  if (equation.includes('.') || letter === undefined || result === undefined) {
    throw new UnstackableError(`Einsum of ${equation}`);
  }
  const stacked = terms!
    .split(',')
    .map((term, index) => (inputs[index]!.stacked ? letter + term.trim() : term));
  const next = attributes.map((one) =>
    one.name === 'equation' ? { ...one, value: `${stacked.join(',')}->${letter}${result.trim()}` } : one,
  );
  return graph.add(op, next, inputs, stackedOutputs(outputs, graph));
};

function batched(type: number, adjointA: boolean, adjointB: boolean): OpAttribute[] {
  return [
    typeAttribute('T', type),
    attribute('adj_x', 'bool', adjointA),
    attribute('adj_y', 'bool', adjointB),
  ];
}

function isSet(attributes: readonly OpAttribute[], name: string): boolean {
  return attributes.some((one) => one.name === name && one.value === true);
}

function refuseChannelsFirst(attributes: readonly OpAttribute[]): void {
  if (attributes.some(({ value }) => value === 'NCHW'))
    throw new UnstackableError('BiasAdd with channels first');
}

export const products: Readonly<Record<string, Rule>> = {
  MatMul: matMul,
  BatchMatMul: batchMatMul,
  BatchMatMulV2: batchMatMul,
  BiasAdd: biasAdd,
  BiasAddGrad: biasAddGrad,
  Einsum: einsum,
};
