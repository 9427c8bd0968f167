import type { Rule } from './builder.js';
import { forAll } from './elementwise.js';

/** Ops that treat every example of a batch alike: the examples of all replicas are one batch. */
export const foldBatch: Rule = ({ op, attributes, inputs: [x, ...others], outputs }, graph) => {
  const shapes = outputs.map(({ type, shape: [batch, ...rest] }) => ({
    type,
    shape: [graph.size * batch!, ...rest],
  }));
  const rest = others.map((one) => (one.stacked ? graph.fold(one) : one));
  const results = graph.add(op, attributes, [graph.fold(x!), ...rest], shapes, false);
  return results.map((result, index) => graph.reshape(result, [graph.size, ...outputs[index]!.shape]));
};

/** Gradients that take batches in every place. */
export const foldAll: Rule = ({ op, attributes, inputs, outputs }, graph) =>
  foldBatch({ op, attributes, inputs: inputs.map((one) => graph.spread(one)), outputs }, graph);

/** Gradients whose first input is the shape of their result, and whose last is that of the output. */
export const foldGradient: Rule = ({ op, attributes, inputs: [shape, ...others], outputs: [out] }, graph) => {
  const [batch, ...rest] = graph.numbersOf(shape!, `the shape of ${op}`);
  const whole = [graph.size * batch!, ...rest];
  const inputs = [graph.integers(whole), ...others.slice(0, -1), graph.fold(others.at(-1)!)];
  const [result] = graph.add(op, attributes, inputs, [{ type: out!.type, shape: whole }], false);
  return [graph.reshape(result!, [graph.size, ...out!.shape])];
};

export const batches: Readonly<Record<string, Rule>> = {
  ...forAll('AvgPool AvgPool3D MaxPool MaxPool3D', foldBatch),
  ...forAll('DepthToSpace LRN ResizeBilinear ResizeNearestNeighbor SpaceToDepth', foldBatch),
  ...forAll('LRNGrad MaxPool3DGrad MaxPoolGrad ResizeBilinearGrad', foldAll),
  ...forAll('AvgPool3DGrad AvgPoolGrad', foldGradient),
  ResizeNearestNeighborGrad: foldBatch,
};
