import { DataType } from '../../../backends/tensorflow-backend.js';
import { typeAttribute } from '../../graph/graph.js';
import { shiftAxis } from './axes.js';
import { ownShape, type Rule } from './builder.js';
import { stackedOutputs } from './elementwise.js';

const gather: Rule = ({ op, attributes, inputs: [x, indices, axisInput], outputs }, graph) => {
  const axis = shiftAxis(graph.numberOf(axisInput!, 'the axis of GatherV2'), ownShape(x!).length);
  const dims = Number(attributes.find(({ name }) => name === 'batch_dims')?.value ?? 0);
  const withDims = (count: number) =>
    attributes.map((one) => (one.name === 'batch_dims' ? { ...one, value: count } : one));
  const shaped = stackedOutputs(outputs, graph);
  if (dims === 0 && !x!.stacked && axis === 1) {
    // From one table for all.
    return graph.add(op, attributes, [x!, indices!, graph.integers(0)], shaped);
  }
  if (dims === 0 && !indices!.stacked) {
    return graph.add(op, attributes, [x!, indices!, graph.integers(axis)], shaped);
  }
  const inputs = [graph.spread(x!), graph.spread(indices!), graph.integers(axis)];
  return graph.add(op, withDims(dims + 1), inputs, shaped);
};

/** The segments of replica k are numbered from k times their number; negative ones stay out. */
const segmentSum: Rule = ({ op, attributes, inputs: [x, ids, count], outputs: [out] }, graph) => {
  const { size } = graph;
  const segments = graph.numberOf(count!, `the number of segments of ${op}`);
  const own = ownShape(ids!);
  const type = ids!.type;
  const first = graph.integers(
    Array.from({ length: size }, (_, replica) => replica * segments),
    [size, ...own.map(() => 1)],
  );
  const spread = graph.spread(ids!);
  const shape = [size, ...own];
  const [shifted] = graph.add('AddV2', [typeAttribute('T', type)], [spread, first], [{ type, shape }]);
  const [negative] = graph.add(
    'Less',
    [typeAttribute('T', type)],
    [spread, graph.integers(0)],
    [{ type: DataType.bool, shape }],
  );
  const choice = [negative!, spread, shifted!];
  const [chosen] = graph.add('SelectV2', [typeAttribute('T', type)], choice, [{ type, shape }]);
  const rows = { type: out!.type, shape: [size * segments, ...out!.shape.slice(1)] };
  const values = graph.spread(x!);
  const inputs = [
    graph.reshape(values, [size * (own[0] ?? 1), ...values.shape.slice(2)], false),
    graph.reshape(chosen!, [size * (own[0] ?? 1), ...own.slice(1)], false),
    graph.integers(size * segments),
  ];
  const [sums] = graph.add(op, attributes, inputs, [rows], false);
  return [graph.reshape(sums!, [size, ...out!.shape])];
};

export const gathers: Readonly<Record<string, Rule>> = {
  GatherV2: gather,
  UnsortedSegmentMax: segmentSum,
  UnsortedSegmentSum: segmentSum,
};
