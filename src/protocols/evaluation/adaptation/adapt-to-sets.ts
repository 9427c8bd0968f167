import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import type { Model } from '../../../models/model.js';
import { shuffle } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';
import { layOutHeads } from '../../../variables/targets.js';
import type { JobContext } from '../../context.js';
import type { Material } from '../../prepare.js';
import { predictedApart } from '../../training/batches/environments.js';
import type { Network } from '../../training/start/network.js';
import type { SetPredictor } from '../evaluate.js';
import { createPredictor, type Predictor, type PredictorOptions } from '../predict.js';
import { listTestSets } from '../test-sets.js';
import { predictByT3a } from './predict-by-t3a.js';
import { listNorms, predictByTent } from './predict-by-tent.js';

/**
 * Predicts every set for testing adapted to it, each by itself from the weights as they were trained: what `train`,
 * `validation` and `uda` are predicted with, so that nothing is chosen by adapted answers. A set is seen in an order drawn
 * from the stream (evaluation.seed, 'evaluation', 'adaptation', set), in batches of `evaluation.adaptation.batch_size`; its
 * labels are not looked at. Undefined where the config asks for none.
 */
export function adaptToSets(
  { config, run }: JobContext,
  network: Pick<Network, 'material' | 'model' | 'trainer' | 'engine'>,
  options: PredictorOptions,
): SetPredictor | undefined {
  const { adaptation, seed } = config.evaluation;
  if (adaptation === undefined) return undefined;
  requireAdaptable(config, network);
  const plain = createPredictor(options);
  const adapted: Predictor =
    adaptation.name === 't3a'
      ? predictByT3a(options, adaptation, config.objective.name)
      : predictByTent(network.engine, { ...options, trainer: network.trainer }, adaptation);
  const sets = listTestSets(network.material);
  run.log(`adapts to ${sets.join(', ')}, each by itself, by ${adaptation.name}`);
  return async (examples, set) => {
    if (!sets.includes(set)) return plain(examples);
    const order = shuffle(
      stream(seed, 'evaluation', 'adaptation', set),
      Uint32Array.from(examples, (_, place) => place),
    );
    const found = await adapted(order.map((place) => examples[place]!));
    const width = found.length / examples.length;
    const out = new Float32Array(found.length);
    for (const [at, place] of order.entries()) {
      out.set(found.subarray(at * width, (at + 1) * width), place * width);
    }
    return out;
  };
}

/**
 * Throws HeldoutError where a config asks for an adaptation that there cannot be: of T3A without a linear read-out, of Tent
 * without norm layers, or where answers depend on the rest of a batch; of either without one target that has an output for
 * each class.
 */
export function requireAdaptable(
  config: ExperimentConfig,
  { material, model }: { readonly material: Material; readonly model: Model },
): void {
  const { adaptation } = config.evaluation;
  if (adaptation === undefined) return;
  const { dataset } = material;
  const heads = layOutHeads(dataset.table, dataset.targets);
  if (heads.length !== 1 || heads[0]!.kind !== 'categorical') {
    throw refuse(
      `${adaptation.name} looks at the softmax of one target, and ${dataset.name} has ${describe(heads)}`,
      ['use a dataset with one target that has an output for each class, such as mnist or colored_mnist'],
    );
  }
  if (adaptation.name === 't3a' && model.features === undefined) {
    throw refuse(`the model ${config.model.name} has no linear read-out that t3a could take the place of`, [
      'model=mlp, cnn, digit_cnn, patch_mlp, resnet and vit have one',
    ]);
  }
  if (adaptation.name === 'tent' && listNorms(Object.keys(model.parameters)).length === 0) {
    throw refuse(
      `the model ${config.model.name} has no norm layers, whose scales and shifts are all that tent adapts`,
      ['model=digit_cnn and vit have norm layers', 'evaluation.adaptation=t3a needs none'],
    );
  }
  if (adaptation.name === 'tent' && predictedApart(dataset, config.objective) !== undefined) {
    throw refuse(
      `the objective ${config.objective.name} answers by the environment of a whole batch, which tent does not know`,
      ['evaluation.adaptation=t3a'],
    );
  }
}

function describe(heads: ReturnType<typeof layOutHeads>): string {
  if (heads.length !== 1) return `${heads.length} targets`;
  return heads[0]!.kind === 'binary' ? 'a binary one' : 'a numeric one';
}

/** @param hints What to type instead. */
export function refuse(message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({
    code: 'E_ADAPTATION',
    message,
    place: 'evaluation.adaptation',
    hints: [...hints, '~evaluation.adaptation'],
  });
}
