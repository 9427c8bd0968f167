import { type HeadRow, mergeGroupHeads } from '../analysis/fairness/rules/merge-heads.js';
import { HeldoutError } from '../core/errors.js';
import type { NamedArrays } from '../engine/engine.js';
import type { Model } from '../models/model.js';
import { readSource } from './adapt/source.js';
import { findHead, transferParameters } from './adapt/transfer.js';
import type { JobContext } from './context.js';
import { prepareMaterial } from './prepare.js';
import { trainAndEvaluate } from './supervised.js';
import type { Described } from './training/start/network.js';

/**
 * Takes the network of a two-headed run with one head, f + Σ weights_k g_k + constant, in the place of all of them, and
 * evaluates it. Nothing is trained; what comes of it is a run of its own, which needs the other no more.
 */
export const merged = trainAndEvaluate(
  ({ config, dataFolder }) => prepareMaterial(config, dataFolder),
  beginWithMerged,
);

/** Begins with the weights of the two-headed run, and one head. */
export async function beginWithMerged(
  { config, run }: JobContext,
  { material, model, options, checkpoint }: Described,
) {
  const { protocol } = config;
  if (protocol.name !== 'merged') throw new Error(`the protocol is ${protocol.name}`);
  if (checkpoint !== undefined) return { options };
  const source = readSource(run.paths, protocol.from);
  const head = await findHead(model, config, material.dataset);
  const layer = requireLinear(model, config.model.name, head);
  const body = transferParameters(options.parameters, head, source);
  const row = mergeOutputs(source.parameters, layer, protocol, source.run);
  const parameters = {
    ...body,
    [layer.kernel]: { shape: [row.weights.length, 1], data: Float32Array.from(row.weights) },
    [layer.bias]: { shape: [1], data: Float32Array.of(row.bias) },
  };
  run.log(`merges the heads of run ${source.run} at step ${source.step}: ${describeSum(protocol)}`);
  return { options: { ...options, parameters }, origin: { run: source.run, step: source.step } };
}

/** Names of the parameters of a linear output layer, `[features, outputs]` and `[outputs]`. */
interface OutputLayer {
  readonly kernel: string;
  readonly bias: string;
}

/** Throws HeldoutError where the outputs of a model are no sums over its last hidden layer, or are not one. */
function requireLinear(model: Model, name: string, head: readonly string[]): OutputLayer {
  const ofRank = (rank: number) => head.filter((each) => model.parameters[each]!.shape.length === rank);
  const [[kernel, ...kernels], [bias, ...biases]] = [ofRank(2), ofRank(1)];
  const isLinear = model.features !== undefined && head.length === 2 && kernels.length + biases.length === 0;
  if (!isLinear || kernel === undefined || bias === undefined) {
    throw refuse('E_MERGE_MODEL', `the outputs of the model ${name} are not those of one linear layer`, [
      'train two heads on another model: model=mlp-small, cnn, vit or patch_mlp',
    ]);
  }
  const outputs = model.parameters[bias]!.shape[0]!;
  if (outputs === 1) return { kernel, bias };
  throw refuse('E_MERGE_OUTPUTS', `a merged network has one output, and these targets take ${outputs}`, [
    'take a dataset with one binary target, and objective=cross_entropy',
  ]);
}

interface Sum {
  readonly weights: readonly number[];
  readonly constant: number;
}

/** The first output of the layer with what the others add to it. */
function mergeOutputs(
  parameters: NamedArrays,
  { kernel, bias }: OutputLayer,
  { weights, constant }: Sum,
  run: string,
): HeadRow {
  const [matrix, biases] = [parameters[kernel], parameters[bias]];
  const [features = 0, outputs = 0] = matrix?.shape ?? [];
  if (matrix === undefined || biases === undefined || outputs !== 1 + weights.length) {
    const found = `run ${run} has ${outputs} outputs`;
    const wanted = `${weights.length === 1 ? 'a weight' : `${weights.length} weights`} beside the target's`;
    throw refuse('E_MERGE_OUTPUTS', `${found}, and protocol.weights has ${wanted}`, [
      `npm run experiment -- merge ${run} within=0.05`,
    ]);
  }
  const rowOf = (output: number): HeadRow => ({
    weights: Float64Array.from({ length: features }, (_, at) => matrix.data[at * outputs + output]!),
    bias: biases.data[output]!,
  });
  const others = weights.map((_, at) => rowOf(1 + at));
  const thresholds = weights.map((weight) => -weight);
  return mergeGroupHeads(rowOf(0), others, thresholds, constant);
}

function describeSum({ weights, constant }: Sum): string {
  const terms = weights.map((weight, at) => `${weight} g${weights.length === 1 ? '' : at}`);
  return ['f', ...terms, String(constant)].join(' + ');
}

function refuse(code: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code, message, place: 'protocol', hints, exitCode: 1 });
}
