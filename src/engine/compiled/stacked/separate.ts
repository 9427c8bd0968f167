import { attribute, typeAttribute } from '../graph.js';
import type { Builder, Rule, Value } from './builder.js';
import { forAll, stackedOutputs } from './elementwise.js';

/** Ops that are done for one replica after the other, so that the others can be stacked. */
const oneByOne: Rule = ({ op, attributes, inputs, outputs }, graph) => {
  const shares = inputs.map((input) => (input.stacked ? unpack(input, graph) : undefined));
  const results = Array.from({ length: graph.size }, (_, replica) =>
    graph.add(
      op,
      attributes,
      inputs.map((input, index) => shares[index]?.[replica] ?? input),
      outputs,
      false,
    ),
  );
  return outputs.map((_, index) =>
    pack(
      results.map((one) => one[index]!),
      graph,
    ),
  );
};

function unpack(value: Value, graph: Builder): Value[] {
  const [, ...shape] = value.shape;
  const attributes = [
    attribute('num', 'int', graph.size),
    typeAttribute('T', value.type),
    attribute('axis', 'int', 0),
  ];
  const outputs = Array.from({ length: graph.size }, () => ({ type: value.type, shape }));
  return graph.add('Unpack', attributes, [value], outputs, false);
}

function pack(values: readonly Value[], graph: Builder): Value {
  const { type } = values[0]!;
  const attributes = [
    attribute('N', 'int', graph.size),
    typeAttribute('T', type),
    attribute('axis', 'int', 0),
  ];
  return graph.add('Pack', attributes, values, stackedOutputs([values[0]!], graph))[0]!;
}

const byFilter: Rule = (call, graph) => {
  const [x, filter] = call.inputs;
  return x!.stacked && !filter!.stacked ? foldFirst(call, graph) : oneByOne(call, graph);
};

/** Ops that treat every example of a batch alike: the examples of all replicas are one batch. */
const folded: Rule = (call, graph) => foldFirst(call, graph);

/** The same with what all examples share in the places behind the first. */
const foldFirst: Rule = ({ op, attributes, inputs: [x, ...others], outputs }, graph) => {
  const shapes = outputs.map(({ type, shape: [batch, ...rest] }) => ({
    type,
    shape: [graph.size * batch!, ...rest],
  }));
  const rest = others.map((one) => (one.stacked ? graph.fold(one) : one));
  const results = graph.add(op, attributes, [graph.fold(x!), ...rest], shapes, false);
  return results.map((result, index) => graph.reshape(result, [graph.size, ...outputs[index]!.shape]));
};

/** Gradients that take the output of the op, too. */
const foldedAll: Rule = ({ op, attributes, inputs, outputs }, graph) =>
  foldFirst({ op, attributes, inputs: inputs.map((one) => graph.spread(one)), outputs }, graph);

/** Gradients whose first input is the shape of their result. */
const foldedShape: Rule = ({ op, attributes, inputs: [shape, ...others], outputs: [out] }, graph) => {
  const [batch, ...rest] = graph.numbersOf(shape!, `the shape of ${op}`);
  const whole = [graph.size * batch!, ...rest];
  const inputs = [graph.integers(whole), ...others.map((one) => graph.fold(one))];
  const [result] = graph.add(op, attributes, inputs, [{ type: out!.type, shape: whole }], false);
  return [graph.reshape(result!, [graph.size, ...out!.shape])];
};

/** The input's gradient: one batch where all replicas share the filter. */
const inputGradient: Rule = (call, graph) => {
  const {
    op,
    attributes,
    inputs: [shape, filter, dy],
    outputs: [out],
  } = call;
  if (filter!.stacked) return oneByOne(call, graph);
  const [batch, ...rest] = graph.numbersOf(shape!, `the shape of ${op}`);
  const whole = [graph.size * batch!, ...rest];
  const inputs = [graph.integers(whole), filter!, graph.fold(dy!)];
  const [result] = graph.add(op, attributes, inputs, [{ type: out!.type, shape: whole }], false);
  return [graph.reshape(result!, [graph.size, ...out!.shape])];
};

export const separate: Readonly<Record<string, Rule>> = {
  ...forAll('Conv2D Conv3D DepthwiseConv2dNative', byFilter),
  ...forAll('Conv2DBackpropInput Conv3DBackpropInputV2 DepthwiseConv2dNativeBackpropInput', inputGradient),
  ...forAll(
    'Conv2DBackpropFilter Conv3DBackpropFilterV2 DepthwiseConv2dNativeBackpropFilter Dilation2D CropAndResize GatherNd ScatterNd FusedBatchNorm',
    oneByOne,
  ),
  ...forAll(
    'AvgPool AvgPool3D MaxPool MaxPool3D DepthToSpace SpaceToDepth LRN ResizeBilinear ResizeNearestNeighbor ResizeNearestNeighborGrad',
    folded,
  ),
  ...forAll('MaxPoolGrad MaxPool3DGrad LRNGrad ResizeBilinearGrad', foldedAll),
  ...forAll('AvgPoolGrad AvgPool3DGrad', foldedShape),
};
