import { DataType } from '../../../backends/tensorflow-backend.js';
import { typeAttribute } from '../../graph/graph.js';
import { type Rule, UnstackableError } from './builder.js';
import { forAll, stackedOutputs } from './elementwise.js';

/** All shapes are known: whatever keeps the order of the numbers is a reshape. */
const reshape: Rule = ({ inputs: [x], outputs: [out] }, graph) => [
  graph.reshape(graph.spread(x!), [graph.size, ...out!.shape]),
];

const transpose: Rule = ({ op, attributes, inputs: [x, order], outputs }, graph) => {
  const shifted = graph.numbersOf(order!, 'the order of Transpose').map((axis) => axis + 1);
  return graph.add(op, attributes, [x!, graph.integers([0, ...shifted])], stackedOutputs(outputs, graph));
};

const slice: Rule = ({ op, attributes, inputs: [x, begin, length], outputs }, graph) => {
  const from = graph.numbersOf(begin!, 'the begin of Slice');
  const lengths = graph.numbersOf(length!, 'the size of Slice');
  const inputs = [x!, graph.integers([0, ...from]), graph.integers([graph.size, ...lengths])];
  return graph.add(op, attributes, inputs, stackedOutputs(outputs, graph));
};

/** One more place in front, for all replicas; the masks count places from the first one on. */
const stridedSlice: Rule = ({ op, attributes, inputs: [x, ...places], outputs }, graph) => {
  const [begin, end, strides] = places.map((place) => graph.numbersOf(place, 'the places of StridedSlice'));
  const inputs = [
    x!,
    graph.integers([0, ...begin!]),
    graph.integers([graph.size, ...end!]),
    graph.integers([1, ...strides!]),
  ];
  const next = attributes.map((one) =>
    one.name.endsWith('_mask') ? { ...one, value: 2 * Number(one.value) } : one,
  );
  return graph.add(op, next, inputs, stackedOutputs(outputs, graph));
};

const tile: Rule = ({ op, attributes, inputs: [x, multiples], outputs }, graph) => {
  const times = graph.numbersOf(multiples!, 'the multiples of Tile');
  return graph.add(op, attributes, [x!, graph.integers([1, ...times])], stackedOutputs(outputs, graph));
};

const pad: Rule = ({ op, attributes, inputs: [x, paddings, ...value], outputs }, graph) => {
  if (value.some(({ stacked }) => stacked)) throw new UnstackableError(`${op} with a value that is computed`);
  const widths = graph.numbersOf(paddings!, `the paddings of ${op}`);
  const shifted = graph.integers([0, 0, ...widths], [widths.length / 2 + 1, 2]);
  return graph.add(op, attributes, [graph.spread(x!), shifted, ...value], stackedOutputs(outputs, graph));
};

const broadcastTo: Rule = ({ inputs: [x], outputs }, graph) => {
  const [{ type, shape }] = stackedOutputs(outputs, graph) as [{ type: number; shape: number[] }];
  const attributes = [typeAttribute('T', type), typeAttribute('Tidx', DataType.int32)];
  const aligned = graph.align(x!, shape.length - 1);
  return graph.add('BroadcastTo', attributes, [aligned, graph.integers(shape)], [{ type, shape }]);
};

const fill: Rule = ({ op, attributes, inputs: [shape, value], outputs }, graph) => {
  if (shape!.stacked) throw new UnstackableError('Fill with a shape that is computed');
  return broadcastTo({ op, attributes, inputs: [value!], outputs }, graph);
};

export const shapes: Readonly<Record<string, Rule>> = {
  ...forAll('ExpandDims Reshape Squeeze', reshape),
  ...forAll('MirrorPad Pad PadV2', pad),
  BroadcastTo: broadcastTo,
  Fill: fill,
  Slice: slice,
  StridedSlice: stridedSlice,
  Tile: tile,
  Transpose: transpose,
};
