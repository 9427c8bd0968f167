import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mean } from '@tensorflow/tfjs-core';
import { MODELS } from '../../../src/config/schema/sections/models.js';
import { sizeOf } from '../../../src/core/numbers/shape.js';
import { startEngine } from '../../../src/engine/backends/start.js';
import type { NamedArray, NamedArrays } from '../../../src/engine/engine.js';
import { softmaxCrossEntropy } from '../../../src/engine/ops/cross-entropy.js';
import { frozenParameters, initialParameters } from '../../../src/models/initialise.js';
import type { Model } from '../../../src/models/model.js';
import { createResNet } from '../../../src/models/resnet.js';
import { fillUniform } from '../../../src/random/draw.js';
import { stream } from '../../../src/random/stream.js';
import { createAdam } from '../../../src/training/optimizers/adam.js';

/** So many further steps. */
export interface FineTuningRequest {
  readonly steps: number;
}

export interface FineTuningAnswer {
  /** Seconds of every step. */
  readonly times: readonly number[];
  /** Before every update. */
  readonly losses: readonly number[];
}

export const task = { batch: 16, side: 224, classes: 7 } as const;
const learningRate = 5e-5;

/**
 * Trains ResNet-50 further and answers each request, one JSON line each.
 * @param folder Gets what the network is trained with, for peer.py.
 */
export async function serveFineTuning(folder: string, threads: number): Promise<void> {
  const { batch: size, side, classes } = task;
  const options = MODELS.resnet.parse({ name: 'resnet', block: 'bottleneck', layers: [3, 4, 6, 3] });
  const model = createResNet(options, { inputs: { image: [side, side, 3] }, outputs: classes });
  const parameters = trainedParameters(model);
  const batch: NamedArrays = {
    image: draw('image', [size, side, side, 3], -1, 1),
    label: { shape: [size], data: Int32Array.from({ length: size }, (_, at) => at % classes) },
  };
  writeArrays(folder, { ...parameters, ...batch });
  const engine = await startEngine({ backend: 'tensorflow', threads });
  const trainer = engine.createTrainer({
    parameters,
    frozen: frozenParameters(model),
    optimizer: createAdam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
    loss: (values, { image, label }) =>
      mean(softmaxCrossEntropy(model.apply(values, { image: image! }).prediction!, label!)),
  });
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line) as FineTuningRequest;
    const [times, losses]: [number[], number[]] = [[], []];
    for (let step = 0; step < steps; step++) {
      const start = performance.now();
      losses.push(trainer.step(batch, { learningRate }));
      times.push((performance.now() - start) / 1000);
    }
    process.stdout.write(`${JSON.stringify({ times, losses } satisfies FineTuningAnswer)}\n`);
  }
}

/** As if it had been trained before: every block adds something, and norms have statistics. */
function trainedParameters(model: Model): NamedArrays {
  return Object.fromEntries(
    Object.entries(initialParameters(model, 0)).map(([name, array]) => {
      const [low, high] = /\/scale$/.test(name) ? [0.2, 0.4] : /\/variance$/.test(name) ? [0.5, 1.5] : [];
      if (low === undefined || high === undefined) return [name, array];
      return [name, draw(name, array.shape, low, high)];
    }),
  );
}

function draw(name: string, shape: readonly number[], low: number, high: number): NamedArray {
  const data = new Float32Array(sizeOf(shape));
  return { shape, data: fillUniform(stream(0, 'bench', name), data, low, high) };
}

/** Little-endian, and arrays.json, which has their shapes. */
function writeArrays(folder: string, arrays: NamedArrays): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, { data }] of Object.entries(arrays)) {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    writeFileSync(join(folder, name.replaceAll('/', '-')), bytes);
  }
  const shapes = Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]));
  writeFileSync(join(folder, 'arrays.json'), JSON.stringify(shapes));
}
