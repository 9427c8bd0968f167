import { div, exp, logSoftmax, mul, neg, type Scalar, sum } from '@tensorflow/tfjs-core';
import type { Engine, NamedArrays, TensorMap, TrainState } from '../../../engine/engine.js';
import type { Model } from '../../../models/model.js';
import { createAdam } from '../../../training/optimizers/adam.js';
import { createFeed } from '../../training/batches/feed.js';
import type { Predictor, PredictorOptions } from '../predict.js';

interface TentOptions {
  readonly learning_rate: number;
  readonly batch_size: number;
}

/**
 * Predicts by Tent (Wang, Shelhamer, Liu, Olshausen & Darrell, Tent: Fully Test-Time Adaptation by Entropy Minimization,
 * ICLR 2021): each batch is answered, then one step of Adam descends the mean entropy of these answers in the scales and
 * shifts of the norm layers, which the next batch is answered with. Every call begins with the trained weights. Group and
 * layer norms, which the networks here have, keep no moments of the training set that those of the batch could replace.
 */
export function predictByTent(
  engine: Pick<Engine, 'createTrainer'>,
  { trainer, model, dataset, progress }: PredictorOptions & { readonly trainer: Readable },
  options: TentOptions,
): Predictor {
  const { batch_size: size } = options;
  return async (examples) => {
    const tent = createTent(engine, model, readParameters(trainer), options.learning_rate);
    const feed = createFeed(dataset, size);
    let out = new Float32Array();
    try {
      for (let start = 0; start < examples.length; start += size) {
        const own = Math.min(size, examples.length - start);
        // The last batch is filled up with what counts for nothing.
        const taken = Uint32Array.from({ length: size }, (_, at) => examples[start + (at % own)]!);
        const counts = Float32Array.from({ length: size }, (_, at) => (at < own ? 1 : 0));
        const { logits } = tent.answer(feed.fill(taken), counts);
        const width = logits.length / size;
        if (start === 0) out = new Float32Array(examples.length * width);
        out.set(logits.subarray(0, own * width), start * width);
        progress?.(start + own);
      }
      return out;
    } finally {
      tent.dispose();
    }
  };
}

/** Names of the scales and shifts of norm layers. */
export function listNorms(names: readonly string[]): readonly string[] {
  const known = new Set(names);
  const layers = names.flatMap((name) => {
    const [, layer] = /^(.*)\/scale$/.exec(name) ?? [];
    return layer !== undefined && known.has(`${layer}/shift`) ? [layer] : [];
  });
  return layers.flatMap((layer) => [`${layer}/scale`, `${layer}/shift`]);
}

/** One batch after the other, from these parameters on. */
export function createTent(
  engine: Pick<Engine, 'createTrainer'>,
  model: Pick<Model, 'apply'>,
  parameters: NamedArrays,
  learningRate: number,
) {
  const names = Object.keys(parameters);
  const adapted = listNorms(names);
  const trainer = engine.createTrainer({
    parameters,
    frozen: names.filter((name) => !adapted.includes(name)),
    optimizer: createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
    loss: (all, batch) => meanEntropy(model.apply(all, batch), batch),
  });
  const predict = trainer.inference(model.apply);
  return {
    /** Logits before the step that follows them, and their mean entropy in nats. */
    answer(batch: NamedArrays, counts: Float32Array) {
      const { target: _unseen, ...inputs } = batch;
      const logits = predict(inputs).prediction!.data as Float32Array;
      const counted = { ...inputs, counts: { shape: [counts.length], data: counts } };
      return { logits, entropy: trainer.step(counted, { learningRate }) };
    },
    parameters: () => trainer.state().parameters,
    dispose: () => trainer.dispose(),
  };
}

/** Of the softmax of the rows that count. */
function meanEntropy({ prediction }: TensorMap, { counts }: TensorMap): Scalar {
  const logs = logSoftmax(prediction!);
  const entropies = neg(sum(mul(exp(logs), logs), 1));
  return div(sum(mul(entropies, counts!)), sum(counts!));
}

interface Readable extends Pick<PredictorOptions['trainer'], 'inference'> {
  state(): TrainState;
}

/** All parameters as predictions have them: averages, where the optimiser keeps these. */
function readParameters(trainer: Readable): NamedArrays {
  const { parameters } = trainer.state();
  const names = Object.keys(parameters).filter((name) => parameters[name]!.data instanceof Float32Array);
  const infer = trainer.inference((all) =>
    Object.fromEntries(names.map((name) => [name, mul(all[name]!, 1)])),
  );
  return { ...parameters, ...infer({}) };
}
