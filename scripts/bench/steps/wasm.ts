import { monotonicSeconds } from '../../../src/core/clock.js';
import { loadTensorFlow } from '../../../src/engine/backends/start.js';
import { addKernels, startShippedWasm } from '../../../src/engine/backends/wasm.js';
import type { NamedArrays } from '../../../src/engine/engine.js';
import { registerGradients } from '../../../src/engine/gradients/register.js';
import { createEagerTrainer } from '../../../src/engine/trainer.js';
import { loadModel, type ModelConfig } from '../../../src/models/index.js';
import { initialParameters } from '../../../src/models/initialise.js';
import { squaredError } from '../../../src/objectives/squared-error.js';
import { fillUniform } from '../../../src/random/draw.js';
import { stream } from '../../../src/random/stream.js';
import { createAdam } from '../../../src/training/optimizers/adam.js';
import { type BenchRow, describeTimes } from '../row.js';
import { registerDilatedFilterGradient } from './shipped-filter-gradient.js';

interface Task {
  readonly name: string;
  readonly model: ModelConfig;
  readonly outputs: number;
  readonly batchSize: number;
  readonly repeats: { readonly shipped: number; readonly ours: number };
  readonly goal?: string;
  readonly shippedNote?: string;
}

interface Measured {
  readonly times: number[];
  readonly losses: number[];
}

const image = [64, 64, 1] as const;
const warmUps = 3;

const tasks: readonly Task[] = [
  {
    name: 'CNN, 64x64x1, batch 64',
    model: { name: 'cnn' },
    outputs: 5,
    batchSize: 64,
    repeats: { shipped: 9, ours: 31 },
    goal: '≤ 220 ms',
    shippedNote: 'filter gradients, which it lacks, as dilated convolutions',
  },
  {
    name: 'MLP 4096-512-512-10, batch 128',
    model: { name: 'mlp', widths: [512, 512] },
    outputs: 10,
    batchSize: 128,
    repeats: { shipped: 5, ours: 31 },
    goal: '≤ 1/10 of the shipped kernels',
  },
  {
    name: 'MLP 4096-90-90-90-90-22-5, batch 64',
    model: { name: 'mlp', widths: [90, 90, 90, 90, 22] },
    outputs: 5,
    batchSize: 64,
    repeats: { shipped: 9, ours: 101 },
  },
];

/**
 * One training step with Adam on the wasm tier and one core: on the shipped kernels, then on ours, which stay
 * registered. Throws when the losses of both differ. Needs a process without a started engine.
 */
export async function benchWasmSteps(): Promise<BenchRow[]> {
  loadTensorFlow();
  const memory = await startShippedWasm();
  const restore = registerDilatedFilterGradient();
  const shipped: Measured[] = [];
  for (const task of tasks) shipped.push(await measure(task, task.repeats.shipped));
  restore();
  addKernels(memory);
  registerGradients();
  const rows: BenchRow[] = [];
  for (const [index, task] of tasks.entries()) {
    const ours = await measure(task, task.repeats.ours);
    const theirs = shipped[index]!;
    checkSameLosses(task.name, ours.losses, theirs.losses);
    const before = describeTimes(theirs.times, 'ms per step');
    const after = describeTimes(ours.times, 'ms per step');
    const { goal, shippedNote } = task;
    rows.push(
      { name: `step: ${task.name}, shipped kernels`, ...before, ...(shippedNote && { note: shippedNote }) },
      {
        name: `step: ${task.name}`,
        ...after,
        ...(goal && { goal }),
        note: `${(before.median / after.median).toFixed(1)} times as fast as the shipped kernels`,
      },
    );
  }
  return rows;
}

async function measure(task: Task, repeats: number): Promise<Measured> {
  const shapes = { inputs: { image }, outputs: task.outputs };
  const model = await loadModel(task.model, shapes);
  const trainer = createEagerTrainer({
    parameters: initialParameters(model, 0),
    optimizer: createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
    loss: (parameters, batch) => squaredError(model.apply(parameters, batch), batch),
  });
  const batch = randomBatch(task);
  const times: number[] = [];
  const losses: number[] = [];
  for (let step = 0; step < warmUps + repeats; step++) {
    const start = monotonicSeconds();
    losses.push(trainer.step(batch, { learningRate: 5e-4 }));
    if (step >= warmUps) times.push((monotonicSeconds() - start) * 1000);
  }
  trainer.dispose();
  return { times, losses };
}

function randomBatch({ batchSize, outputs }: Task): NamedArrays {
  const pixels = new Float32Array(batchSize * image[0] * image[1] * image[2]);
  const targets = new Float32Array(batchSize * outputs);
  fillUniform(stream(0, 'bench', 'image'), pixels, 0, 1);
  fillUniform(stream(0, 'bench', 'target'), targets, 0, 1);
  return {
    image: { shape: [batchSize, ...image], data: pixels },
    target: { shape: [batchSize, outputs], data: targets },
  };
}

function checkSameLosses(name: string, ours: readonly number[], theirs: readonly number[]): void {
  for (let step = 0; step < warmUps; step++) {
    const [a, b] = [ours[step]!, theirs[step]!];
    if (Math.abs(a - b) > 1e-3 * Math.abs(b)) {
      throw new Error(
        `${name}: the loss of step ${step + 1} is ${a} on our kernels, ${b} on the shipped ones`,
      );
    }
  }
}
