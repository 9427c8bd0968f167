import { createInterface } from 'node:readline';
import { type Tensor, tensor, train, type Variable, variable } from '@tensorflow/tfjs-core';
import { monotonicSeconds } from '../../../src/core/clock.js';
import { loadTensorFlow, startEngine } from '../../../src/engine/backends/start.js';
import { startTensorFlow } from '../../../src/engine/backends/tensorflow.js';
import type { NamedArrays } from '../../../src/engine/engine.js';
import { createAdam } from '../../../src/training/optimizers/adam.js';
import { shippedLoss } from './shipped.js';
import { createTask, type TaskName } from './tasks.js';

export type WorkerKind = 'heldout' | 'shipped';

/** One step; returns the loss before it. */
type Step = () => number;

const learningRate = 1e-3;
const warmUps = 4;

/**
 * A process that measures: threads are fixed when TensorFlow loads. Reads requests `{task, repeats}` from standard
 * input, one per line, and answers each with `{times, losses}`: milliseconds, and the losses of the first steps.
 */
export async function serveSteps(kind: WorkerKind, threads: 'auto' | number): Promise<void> {
  const create = kind === 'heldout' ? await startHeldout(threads) : await startShipped(threads);
  const running = new Map<TaskName, { readonly step: Step; readonly losses: readonly number[] }>();
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const { task, repeats } = JSON.parse(line) as { task: TaskName; repeats: number };
    let started = running.get(task);
    if (started === undefined) {
      const step = create(task);
      started = { step, losses: Array.from({ length: warmUps }, step) };
      running.set(task, started);
    }
    const { step, losses } = started;
    step();
    const times = Array.from({ length: repeats }, () => {
      const start = monotonicSeconds();
      step();
      return (monotonicSeconds() - start) * 1000;
    });
    process.stdout.write(`${JSON.stringify({ times, losses })}\n`);
  }
}

async function startHeldout(threads: 'auto' | number): Promise<(name: TaskName) => Step> {
  const engine = await startEngine({ backend: 'tensorflow', threads });
  return (name) => {
    const { parameters, batch, loss } = createTask(name);
    const optimizer = createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
    const trainer = engine.createTrainer({ parameters, optimizer, loss });
    return () => trainer.step(batch, { learningRate });
  };
}

/** TensorFlow.js without any of our gradients, on the same library. */
async function startShipped(threads: 'auto' | number): Promise<(name: TaskName) => Step> {
  loadTensorFlow();
  await startTensorFlow({ backend: 'tensorflow', threads });
  return (name) => {
    const { parameters, batch } = createTask(name);
    const variables = mapTensors(parameters, (value) => variable(value));
    const inputs = mapTensors(batch, (value) => value);
    const optimizer = train.adam(learningRate);
    const list = Object.values(variables) as Variable[];
    return () => {
      const loss = optimizer.minimize(() => shippedLoss(name, variables, inputs), true, list)!;
      const value = loss.dataSync()[0]!;
      loss.dispose();
      return value;
    };
  };
}

function mapTensors(arrays: NamedArrays, wrap: (value: Tensor) => Tensor): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { data, shape }]) => [
      name,
      wrap(tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32')),
    ]),
  );
}
