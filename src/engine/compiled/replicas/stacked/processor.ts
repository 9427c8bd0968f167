import { attribute } from '../../graph/graph.js';
import { foldAll } from './batches.js';
import type { Rule } from './builder.js';
import { forAll, stackedOutputs, uniform } from './elementwise.js';

/** Norms know replicas by the rows of their scale; their statistics are lists over all rows or examples. */
const norm: Rule = ({ op, attributes, inputs, outputs }, graph) => {
  const shapes = outputs.map(({ type, shape }, index) => ({
    type,
    shape: isStatistic(op, index) ? [graph.size * shape[0]!, ...shape.slice(1)] : [graph.size, ...shape],
  }));
  const spread = inputs.map((input) => graph.spread(input));
  const results = graph.add(op, attributes, spread, shapes);
  return results.map((result, index) => graph.reshape(result, [graph.size, ...outputs[index]!.shape]));
};

/** Mean and inverse deviation, beside the result. */
function isStatistic(op: string, output: number): boolean {
  return !op.endsWith('Grad') && output > 0;
}

/** Gradients of a bias, which come last: one row per replica. */
const biasGradient: Rule = ({ op, attributes, inputs, outputs }, graph) => {
  const shapes = stackedOutputs(outputs, graph);
  const bias = outputs.at(-1)!;
  if (graph.size === 1) shapes[shapes.length - 1] = bias;
  const all = [...attributes, attribute('replicas', 'int', graph.size)];
  const spread = inputs.map((input) => graph.spread(input));
  const results = graph.add(op, all, spread, shapes);
  return results.map((result, index) => graph.reshape(result, [graph.size, ...outputs[index]!.shape]));
};

/** What modules take turns in: rows of all replicas, one after the other, with the scales of each. */
const byModule: Rule = (call, graph) =>
  norm({ ...call, attributes: [...call.attributes, attribute('replicas', 'int', graph.size)] }, graph);

/** Our own ops on the processor (`engine/kernels/processor`). */
export const processor: Readonly<Record<string, Rule>> = {
  ...forAll('HeldoutLayerNorm HeldoutLayerNormGrad HeldoutGroupNorm HeldoutGroupNormGrad', norm),
  ...forAll('HeldoutModuleNorm HeldoutModuleNormGrad HeldoutGeglu HeldoutGegluGrad', byModule),
  ...forAll('HeldoutBiasGrad HeldoutReluBiasGrad', biasGradient),
  ...forAll('HeldoutSoftmax HeldoutSoftmaxGrad', uniform),
  ...forAll('HeldoutAttention HeldoutAttentionGrad HeldoutSelfAttention HeldoutSelfAttentionGrad', foldAll),
  ...forAll('HeldoutLinkedAttention HeldoutLinkedAttentionGrad', foldAll),
};
