import type { OpAttribute } from '../../../backends/tensorflow-backend.js';
import { ownShape, type Rule, UnstackableError } from './builder.js';
import { forAll, stackedOutputs } from './elementwise.js';

/** An axis of one replica's tensor as that of the stacked one. */
export function shiftAxis(axis: number, rank: number): number {
  return (axis < 0 ? axis + rank : axis) + 1;
}

/** Ops of one tensor along constant axes, which are the second input: a vector or a number. */
const alongAxes: Rule = ({ op, attributes, inputs: [x, axes], outputs }, graph) => {
  const rank = ownShape(x!).length;
  const shifted = graph.numbersOf(axes!, `the axes of ${op}`).map((axis) => shiftAxis(axis, rank));
  const inputs = [graph.spread(x!), graph.integers(shifted, axes!.shape)];
  return graph.add(op, attributes, inputs, stackedOutputs(outputs, graph));
};

/** Ops along the last axis. */
const alongLast: Rule = ({ op, attributes, inputs: [x, ...others], outputs }, graph) => {
  if (others.some(({ stacked }) => stacked)) throw new UnstackableError(`${op} of sizes that are computed`);
  return graph.add(op, attributes, [graph.spread(x!), ...others], stackedOutputs(outputs, graph));
};

const concat: Rule = ({ op, attributes, inputs, outputs }, graph) => {
  const axis = graph.numberOf(inputs.at(-1)!, `the axis of ${op}`);
  const parts = inputs.slice(0, -1).map((input) => graph.spread(input));
  const shifted = graph.integers(shiftAxis(axis, outputs[0]!.shape.length));
  return graph.add(op, attributes, [...parts, shifted], stackedOutputs(outputs, graph));
};

const split: Rule = ({ op, attributes, inputs: [axis, x], outputs }, graph) => {
  const shifted = shiftAxis(graph.numberOf(axis!, `the axis of ${op}`), ownShape(x!).length);
  return graph.add(op, attributes, [graph.integers(shifted), x!], stackedOutputs(outputs, graph));
};

const splitSizes: Rule = ({ op, attributes, inputs: [x, sizes, axis], outputs }, graph) => {
  const shifted = shiftAxis(graph.numberOf(axis!, `the axis of ${op}`), ownShape(x!).length);
  return graph.add(op, attributes, [x!, sizes!, graph.integers(shifted)], stackedOutputs(outputs, graph));
};

/** `Pack` makes an axis of the result, `Unpack` takes one of the input away. */
const pack: Rule = ({ op, attributes, inputs, outputs }, graph) => {
  const rank = op === 'Pack' ? outputs[0]!.shape.length : ownShape(inputs[0]!).length;
  const spread = inputs.map((input) => graph.spread(input));
  return graph.add(op, shiftAttribute(attributes, rank), spread, stackedOutputs(outputs, graph));
};

/** -1 stays the last axis, which is a new one. */
const oneHot: Rule = ({ op, attributes, inputs: [indices, ...others], outputs }, graph) => {
  if (others.some(({ stacked }) => stacked)) throw new UnstackableError(`${op} of values that are computed`);
  const next = attributes.map((one) =>
    one.name === 'axis' && Number(one.value) >= 0 ? { ...one, value: Number(one.value) + 1 } : one,
  );
  return graph.add(op, next, [indices!, ...others], stackedOutputs(outputs, graph));
};

function shiftAttribute(attributes: readonly OpAttribute[], rank: number): OpAttribute[] {
  return attributes.map((one) =>
    one.name === 'axis' ? { ...one, value: shiftAxis(Number(one.value), rank) } : one,
  );
}

export const alongAxis: Readonly<Record<string, Rule>> = {
  ...forAll('All Any ArgMax ArgMin Cumprod Cumsum EuclideanNorm Max Mean Min Prod ReverseV2 Sum', alongAxes),
  ...forAll('LogSoftmax Softmax TopKV2', alongLast),
  ConcatV2: concat,
  OneHot: oneHot,
  Pack: pack,
  Split: split,
  SplitV: splitSizes,
  Unpack: pack,
};
