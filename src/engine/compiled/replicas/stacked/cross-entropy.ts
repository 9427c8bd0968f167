import { ownShape, type Rule, UnstackableError } from './builder.js';

/** The kernels take matrices: the examples of all replicas are one batch. */
const crossEntropy: Rule = ({ op, attributes, inputs, outputs }, graph) => {
  const [rows] = outputs[0]!.shape as [number];
  if (inputs.some((input) => ownShape(input)[0] !== rows))
    throw new UnstackableError(`${op} of one row for all`);
  const folded = inputs.map((input) => graph.fold(input));
  const shapes = outputs.map(({ type, shape: [, ...rest] }) => ({
    type,
    shape: [graph.size * rows, ...rest],
  }));
  const results = graph.add(op, attributes, folded, shapes);
  return results.map((result, index) => graph.reshape(result, [graph.size, ...outputs[index]!.shape]));
};

export const losses: Readonly<Record<string, Rule>> = {
  SoftmaxCrossEntropyWithLogits: crossEntropy,
  SparseSoftmaxCrossEntropyWithLogits: crossEntropy,
};
