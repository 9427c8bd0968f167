import { mul } from '@tensorflow/tfjs-core';
import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import type { NamedArrays, Trainer } from '../../../engine/engine.js';
import { findNoise } from '../../../evaluation/generalisation/noise.js';
import { measureNorms } from '../../../evaluation/generalisation/norms.js';
import { measureRows } from '../../../evaluation/generalisation/rows.js';
import { markHits } from '../../../evaluation/metrics/accuracy.js';
import { answerOf, listClassTargets } from '../../../evaluation/metrics/rows.js';
import type { PredictionsTable, RecordRow } from '../../../evaluation/predictions.js';
import { frozenParameters } from '../../../models/initialise.js';
import type { Model } from '../../../models/model.js';
import { fillNormal } from '../../../random/draw.js';
import { stream } from '../../../random/stream.js';
import { sampleSet } from '../../../splits/sample.js';
import { hasClasses } from '../../../variables/targets.js';
import type { JobContext } from '../../context.js';
import type { Material } from '../../prepare.js';
import { holdParameters } from '../../pruning/hold-parameters.js';
import type { Network } from '../../training/start/network.js';
import { describeStep } from '../../training/step/training-step.js';
import { createPredictor } from '../predict.js';
import { predictorOptions } from '../read-network.js';
import { tabulate } from '../tabulate.js';

type Measured = Pick<Network, 'material' | 'model' | 'trainer' | 'engine'>;

/** Smallest deviation of relative noise, of weights that are 0. */
const leastNoise = 1e-3;

/** Throws HeldoutError where measures are asked for and no target has classes. */
export function requireMeasurable({ evaluation }: ExperimentConfig, { dataset }: Material): void {
  if (evaluation.generalisation === undefined || dataset.targets.some(hasClasses)) return;
  throw new HeldoutError({
    code: 'E_GENERALISATION_CLASSES',
    message: `margins are of classes, and the dataset ${dataset.name} has none`,
    place: 'evaluation.generalisation',
    hints: ['use a dataset of classes', '~evaluation.generalisation'],
  });
}

/**
 * Measures of complexity that others compare with how networks generalise (Jiang, Neyshabur, Mobahi, Krishnan & Bengio,
 * Fantastic Generalization Measures and Where to Find Them, ICLR 2020; Dziugaite et al., In Search of Robust Measures of
 * Generalization, NeurIPS 2020); nothing where the config asks for nothing. They look at training examples alone.
 */
export async function measureNetwork(
  { config, run, signal }: JobContext,
  { material, model, trainer, engine }: Measured,
): Promise<readonly RecordRow[]> {
  const asked = config.evaluation.generalisation;
  if (asked === undefined) return [];
  requireMeasurable(config, material);
  const { dataset, split } = material;
  const examples = sampleSet(split.sets.train, asked.examples, config.evaluation.seed, 'generalisation');
  const weights = readWeights(trainer, model);
  const start = (await describeStep(config, material)).options.parameters;
  const holder = holdParameters(engine, weights);
  try {
    const begin = holder.state();
    const held = { trainer: holder, model, material };
    const predict = createPredictor(predictorOptions(config, held, () => signal.throwIfAborted()));
    const answer = async (parameters: NamedArrays): Promise<PredictionsTable> => {
      holder.restore({ ...begin, parameters });
      return tabulate(material, [{ set: 'train', examples, predictions: await predict(examples) }]);
    };
    const own = await answer(weights);
    const wrong = shareWrong(own);
    const fixed = frozenParameters(model);
    const noisy = (relative: boolean) => async (deviation: number) => {
      let sum = 0;
      for (let draw = 0; draw < asked.draws; draw++)
        sum += shareWrong(
          await answer(addNoise(weights, { deviation, relative, seed: config.seed, draw, fixed })),
        );
      return sum / asked.draws - wrong;
    };
    const noise = { absolute: await findNoise(noisy(false)), relative: await findNoise(noisy(true)) };
    const path = measurePath(holder, model, weights, dataset.inputs);
    const found = { norms: measureNorms(weights, start), path, margin: findMargin(own), noise };
    run.log(
      `measured the network on ${examples.length} training examples, with ${asked.draws} draws of noise`,
    );
    return measureRows(found, examples.length);
  } finally {
    holder.dispose();
  }
}

/** As predictions have them: averages, where the optimiser keeps these. */
function readWeights(trainer: Measured['trainer'], model: Model): NamedArrays {
  const names = Object.keys(model.parameters);
  return trainer.inference((parameters) =>
    Object.fromEntries(names.map((name) => [name, mul(parameters[name]!, 1)])),
  )({});
}

/** Every draw has the same noise whatever its deviation, so that one can be held against another. */
function addNoise(
  weights: NamedArrays,
  { deviation, relative, seed, draw, fixed }: NoiseOptions,
): NamedArrays {
  return Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => {
      if (fixed.includes(name)) return [name, { shape, data }];
      const noise = fillNormal(stream(seed, 'noise on weights', draw, name), new Float32Array(data.length));
      for (const [at, value] of data.entries()) {
        const scale = relative ? Math.sqrt((deviation * value) ** 2 + leastNoise ** 2) : deviation;
        noise[at] = value + scale * noise[at]!;
      }
      return [name, { shape, data: noise }];
    }),
  );
}

interface NoiseOptions {
  readonly deviation: number;
  readonly relative: boolean;
  readonly seed: number;
  readonly draw: number;
  readonly fixed: readonly string[];
}

/** Mean over the targets that are the point. */
function shareWrong(table: PredictionsTable): number {
  const hits = markHits(table);
  const point = listClassTargets(table);
  const right = point.reduce((sum, target) => sum + hits.get(target)!.reduce((all, hit) => all + hit, 0), 0);
  return 1 - right / (point.length * table.example.length);
}

/** The tenth percentile, over examples and targets: the value below which a tenth lies. */
function findMargin(table: PredictionsTable): number {
  const margins = listClassTargets(table).flatMap((target) =>
    Array.from(table.example, (_, row) => {
      const { logits, truth } = answerOf(table, target, row);
      const others = logits.filter((_, at) => at !== truth);
      return logits[truth]! - Math.max(...others);
    }),
  );
  margins.sort((a, b) => a - b);
  return margins[Math.floor(margins.length / 10)]!;
}

/**
 * The path norm (Neyshabur et al. 2015): the sum of the outputs of the network with all weights squared, of an input of ones,
 * which is the sum over all paths of the products of squared weights. Undefined of networks that have more than layers of
 * weights and biases with rectifiers between them.
 */
function measurePath(
  holder: Trainer,
  model: Model,
  weights: NamedArrays,
  inputs: Readonly<Record<string, readonly number[]>>,
): number | undefined {
  const names = Object.keys(weights);
  if (!names.every((name) => /\/(kernel|bias)$/.test(name))) return undefined;
  const squared = Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data, (value) => value * value) },
    ]),
  );
  const ones = Object.fromEntries(
    Object.entries(inputs).map(([name, shape]) => {
      const size = shape.reduce((all, one) => all * one, 1);
      return [name, { shape: [1, ...shape], data: new Float32Array(size).fill(1) }];
    }),
  );
  const state = holder.state();
  holder.restore({ ...state, parameters: squared });
  const outputs = Array.from(holder.inference(model.apply)(ones).prediction!.data);
  return outputs.reduce((sum, value) => sum + value, 0);
}
