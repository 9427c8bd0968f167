import { attribute, typeAttribute } from '../../graph/graph.js';
import { foldBatch, foldGradient } from './batches.js';
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

/** Where all replicas share the filter, their examples are one batch. */
const byFilter: Rule = (call, graph) => {
  const [x, filter] = call.inputs;
  return x!.stacked && !filter!.stacked ? foldBatch(call, graph) : oneByOne(call, graph);
};

/** The same for gradients of the input. */
const inputGradient: Rule = (call, graph) =>
  call.inputs[1]!.stacked ? oneByOne(call, graph) : foldGradient(call, graph);

/**
 * Convolutions with a filter each, and rare ops. A grouped convolution would take a third less time where oneDNN
 * serves it, but wants the replicas beside the channels: all its inputs and outputs would be transposed.
 */
export const separate: Readonly<Record<string, Rule>> = {
  ...forAll('Conv2D Conv3D DepthwiseConv2dNative', byFilter),
  ...forAll('Conv2DBackpropInput Conv3DBackpropInputV2 DepthwiseConv2dNativeBackpropInput', inputGradient),
  ...forAll('Conv2DBackpropFilter Conv3DBackpropFilterV2 DepthwiseConv2dNativeBackpropFilter', oneByOne),
  ...forAll('CropAndResize Dilation2D FusedBatchNorm GatherNd ScatterNd StatelessRandomUniform', oneByOne),
};
