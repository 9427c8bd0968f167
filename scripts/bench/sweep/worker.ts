import { createInterface } from 'node:readline';
import { monotonicSeconds } from '../../../src/core/clock.js';
import { startEngine } from '../../../src/engine/backends/start.js';
import type { Engine, SharedTrainer, TrainerOptions } from '../../../src/engine/engine.js';
import { makeBatches } from '../../../src/random/batches.js';
import { countUp } from '../../../src/random/draw.js';
import { createAdam } from '../../../src/training/optimizers/adam.js';
import { createTask } from '../steps/tasks.js';
import { batchSize, type Digits, makeDigits } from './digits.js';

/** Trains one net per seed, together where there are several, then evaluates each on all images. */
export interface RunRequest {
  readonly seeds: readonly number[];
  readonly steps: number;
}

/** Evaluates a net that is not trained, after one batch to warm up. */
export interface EvaluationRequest {
  readonly repeats: number;
}

/** In seconds. */
export interface RunAnswer {
  readonly training: number;
  readonly evaluation: number;
  readonly loss: number;
  readonly accuracy: number;
}

export interface EvaluationAnswer {
  readonly times: readonly number[];
}

const learningRate = 1e-3;

/** A process that does what jobs do: its first line says that engine and data are there. */
export async function serveSweep(threads: 'auto' | number, images: number, replicas: number): Promise<void> {
  const engine = await startEngine({
    backend: 'tensorflow',
    threads,
    compile: 'always',
    sideBySide: replicas > 1,
  });
  const digits = makeDigits(images);
  process.stdout.write(`${JSON.stringify({ ready: true, threads: engine.threads })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line) as RunRequest | EvaluationRequest;
    const answer = 'seeds' in request ? await run(engine, digits, request) : time(engine, digits, request);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

async function run(engine: Engine, digits: Digits, { seeds, steps }: RunRequest): Promise<RunAnswer> {
  const group = seeds.length > 1 ? engine.createReplicas?.(seeds.length) : undefined;
  const create = (options: TrainerOptions): SharedTrainer =>
    group?.createTrainer(options) ?? engine.createTrainer(options);
  const tasks = seeds.map((seed) => createTask('digit-cnn', seed));
  const start = monotonicSeconds();
  const trainers = tasks.map(({ parameters, loss }) =>
    create({ parameters, loss, optimizer: createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }) }),
  );
  const examples = countUp(digits.images);
  const losses = await Promise.all(
    trainers.map(async (trainer, index) => {
      const batches = makeBatches(examples, batchSize, seeds[index]!);
      let loss = 0;
      for (let step = 0; step < steps; step++)
        loss = await trainer.step(digits.fill(batches(step)), { learningRate });
      return loss;
    }),
  );
  const trained = monotonicSeconds();
  const accuracies = trainers.map((trainer, index) => evaluate(trainer, tasks[index]!, digits));
  const evaluated = monotonicSeconds();
  for (const trainer of trainers) trainer.dispose();
  return {
    training: trained - start,
    evaluation: evaluated - trained,
    loss: losses[0]!,
    accuracy: accuracies[0]!,
  };
}

function time(engine: Engine, digits: Digits, { repeats }: EvaluationRequest): EvaluationAnswer {
  const task = createTask('digit-cnn');
  const { parameters, loss } = task;
  const optimizer = createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  const trainer = engine.createTrainer({ parameters, loss, optimizer });
  const predict = predictor(trainer, task);
  predict(digits.fill(countUp(batchSize)));
  const times = Array.from({ length: repeats }, () => {
    const start = monotonicSeconds();
    score(predict, digits);
    return monotonicSeconds() - start;
  });
  trainer.dispose();
  return { times };
}

type Task = ReturnType<typeof createTask>;
type Predict = ReturnType<SharedTrainer['inference']>;

function predictor(trainer: SharedTrainer, { apply }: Task): Predict {
  return trainer.inference((parameters, { x }) => ({ logits: apply(parameters, x!) }));
}

function evaluate(trainer: SharedTrainer, task: Task, digits: Digits): number {
  return score(predictor(trainer, task), digits);
}

/** The share of images whose class is right, over all of them; the last batch is filled up. */
function score(predict: Predict, digits: Digits): number {
  let right = 0;
  for (let from = 0; from < digits.images; from += batchSize) {
    const examples = countUp(batchSize).map((row) => Math.min(from + row, digits.images - 1));
    const { data } = predict(digits.fill(examples)).logits!;
    const size = Math.min(batchSize, digits.images - from);
    for (let row = 0; row < size; row++) {
      const answer = data[2 * row + 1]! > data[2 * row]! ? 1 : 0;
      if (answer === examples[row]! % 2) right++;
    }
  }
  return right / digits.images;
}
