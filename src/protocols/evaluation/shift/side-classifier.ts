import { cast, mean, mul, oneHot, reshape, type Scalar, slice, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Dataset } from '../../../datasets/dataset.js';
import type { Engine, NamedArrays, TensorMap } from '../../../engine/engine.js';
import { softmaxCrossEntropy } from '../../../engine/ops/cross-entropy.js';
import { initialParameters } from '../../../models/initialise.js';
import { dense, denseParameters } from '../../../models/layers/dense.js';
import type { Model } from '../../../models/model.js';
import { bodyOf, featureWidth } from '../../../models/read-out.js';
import { makeBatches } from '../../../random/batches.js';
import { deriveSeed } from '../../../random/seed-tree.js';
import { loopStart, train } from '../../../training/loop.js';
import { loadOptimizer } from '../../../training/optimizers/index.js';
import { createSchedule } from '../../../training/schedules.js';
import { createFeed } from '../../training/batches/feed.js';
import { readBatches } from '../predict.js';
import type { SideExamples } from './sides.js';

export interface SideClassifierOptions {
  readonly engine: Engine;
  /** Whose layers before its read-out the classifier has, untrained. */
  readonly model: Model;
  readonly dataset: Dataset;
  /** Which of the dataset's targets has the classes, and how many they are. */
  readonly target: { readonly at: number; readonly classes: number };
  readonly sides: readonly [SideExamples, SideExamples];
  readonly seed: number;
  readonly width: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly signal: AbortSignal;
}

/** What was learnt to tell the sides by, of the held-out examples. */
export interface SideFeatures {
  /** `[examples, width]` of each side, row-major. */
  readonly features: readonly [Float32Array, Float32Array];
  /** Share of the held-out examples whose side is told. */
  readonly accuracy: number;
}

/** Of stochastic weight averaging, as OoD-Bench's scripts have them. */
const [firstRate, lastRate, momentum, decay] = [0.05, 0.025, 0.9, 1e-4];

/**
 * Trains a classifier of the side that an example is from, given the example and its class: linear in z · W y, where z are
 * `width` features of the example and W y as many numbers of its class (Ye et al. 2022). SGD whose rate falls over half of
 * the epochs, then the mean of the weights of all updates of the others.
 */
export async function learnSides(options: SideClassifierOptions): Promise<SideFeatures> {
  const { engine, model, dataset, target, sides, seed, width, epochs, batchSize, signal } = options;
  const parameters = {
    ...bodyOf(model),
    ...denseParameters('side/features', featureWidth(model), width, 'xavier'),
    ...denseParameters('side/class', target.classes, width, 'xavier'),
    ...denseParameters('side/answer', width, 2, 'xavier'),
  };
  const size = Math.min(batchSize, sides[0].train.length, sides[1].train.length);
  const perEpoch = Math.floor(Math.min(sides[0].train.length, sides[1].train.length) / size);
  const steps = epochs * perEpoch;
  const falling = Math.ceil(epochs / 2) * perEpoch;
  const average = { decay: epochs > 1 ? ('mean' as const) : null, start: falling };
  const optimizer = { name: 'sgd' as const, learning_rate: firstRate, momentum, nesterov: false };
  const featuresOf = (all: TensorMap, batch: TensorMap) =>
    dense(all, 'side/features', model.features!(all, batch), 'linear');
  /** Logits `[rows, 2]`. */
  const answer = (all: TensorMap, batch: TensorMap) => {
    const z = featuresOf(all, batch);
    const label = cast(reshape(slice(batch.target!, [0, target.at], [-1, 1]), [-1]), 'int32');
    const classes = cast(oneHot(label as Tensor1D, target.classes), 'float32');
    return dense(all, 'side/answer', mul(z, dense(all, 'side/class', classes, 'linear')), 'linear');
  };
  const trainer = engine.createTrainer({
    parameters: initialParameters({ parameters }, deriveSeed(seed, 'side classifier')),
    optimizer: await loadOptimizer({
      optimizer: { ...optimizer, weight_decay: decay, decay_biases: true },
      ...{ clip_norm: null, clip_value: null, average },
    }),
    loss: (all, batch) =>
      mean<Scalar>(
        softmaxCrossEntropy(answer(all, batch), cast(reshape(batch.side!, [-1]), 'int32') as Tensor1D),
      ),
    steps,
  });
  try {
    const feed = createFeed(dataset, 2 * size);
    const batches = sides.map((side, at) => makeBatches(side.train, size, deriveSeed(seed, 'side', at)));
    const side = {
      shape: [2 * size],
      data: Float32Array.from({ length: 2 * size }, (_, row) => (row < size ? 0 : 1)),
    };
    const fall = createSchedule(
      { name: 'cosine', warmup_steps: 0, final_fraction: lastRate / firstRate },
      firstRate,
      falling,
    );
    const outcome = await train({
      ...{ trainer, start: loopStart, steps, logEvery: steps, checkpointEvery: steps, signal },
      batch: (step) => ({
        ...feed.fill(Uint32Array.from([...batches[0]!(step), ...batches[1]!(step)])),
        side,
      }),
      learningRate: (step) => (step < falling ? fall(step) : lastRate),
      log() {},
      checkpoint() {},
      progress() {},
    });
    if (outcome === 'interrupted') throw signal.reason;
    const infer = trainer.inference((all, batch) => ({
      features: featuresOf(all, batch),
      answer: answer(all, batch),
    }));
    const read = async (name: 'features' | 'answer', { heldOut }: SideExamples) =>
      await readBatches(
        { dataset, batchSize: 2 * size, progress: () => signal.throwIfAborted() },
        (batch: NamedArrays) => infer(batch)[name]!.data,
      )(heldOut);
    const answers = [await read('answer', sides[0]), await read('answer', sides[1])];
    const right = answers.map((logits, of) =>
      logits.reduce((sum, _, at) => {
        if (at % 2 === 1) return sum;
        return sum + (logits[at + of]! > logits[at + 1 - of]! ? 1 : 0);
      }, 0),
    );
    return {
      features: [await read('features', sides[0]), await read('features', sides[1])],
      accuracy: (right[0]! + right[1]!) / (sides[0].heldOut.length + sides[1].heldOut.length),
    };
  } finally {
    trainer.dispose();
  }
}
