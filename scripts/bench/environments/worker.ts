import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dataFolderOf } from '../../../src/cli/jobs/data-folder.js';
import type { ExperimentConfig } from '../../../src/config/index.js';
import type { NamedArrays } from '../../../src/engine/engine.js';
import { prepareMaterial } from '../../../src/protocols/prepare.js';
import {
  createEntrance,
  describeResident,
  drawBatches,
} from '../../../src/protocols/training/batches/resident.js';
import { startEngineFor } from '../../../src/protocols/training/start/start-engine.js';
import {
  describeStep,
  exampleInputs,
  stepNumbers,
} from '../../../src/protocols/training/step/training-step.js';
import { composeJob, type EnvironmentsJob } from './job.js';

/** So many steps, from the start. */
export interface StepsRequest {
  readonly steps: number;
}

export interface StepsAnswer {
  /** Seconds of every step. */
  readonly times: readonly number[];
  /** Before every update. */
  readonly losses: readonly number[];
}

/**
 * Answers each request, one JSON line each.
 * @param folder Gets what the network is trained with, for peer.py: parameters, and the batches of as many steps.
 */
export async function serveEnvironments(
  job: EnvironmentsJob,
  folder: string,
  batchCount: number,
  threads: number,
): Promise<void> {
  const config = composeJob(job);
  const material = await prepareMaterial(config, dataFolderOf(config));
  const engine = await startEngineFor({ ...config.engine, threads }, undefined);
  const { model, options } = await describeStep(config, material);
  const resident = describeResident(material, config);
  const batches = drawBatches(material, config);
  const fed = createEntrance(material, config, false);
  writeArrays(join(folder, 'parameters'), options.parameters);
  for (let step = 0; step < batchCount; step++)
    writeArrays(join(folder, `batch${step}`), fed(batches(step), step));
  const described = { ...options, ...(resident && { resident }) };
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line) as StepsRequest;
    const trainer = engine.createTrainer(described);
    const execution = trainer.prepare(fed(batches(0), 0), exampleInputs(model, config));
    const enter = execution.resident > 0 ? createEntrance(material, config, true) : fed;
    const times: number[] = [];
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const start = performance.now();
      const inputs = { ...exampleInputs(model, config), ...stepNumbers(model, config, step) };
      losses.push(trainer.step(enter(batches(step), step), inputs));
      times.push((performance.now() - start) / 1000);
    }
    trainer.dispose();
    process.stdout.write(`${JSON.stringify({ times, losses } satisfies StepsAnswer)}\n`);
  }
}

/** Arrays, little-endian, and arrays.json, which has their shapes. */
function writeArrays(folder: string, arrays: NamedArrays): void {
  mkdirSync(folder, { recursive: true });
  const shapes: Record<string, readonly number[]> = {};
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    const key = name.replace('/', '-');
    writeFileSync(join(folder, key), Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    shapes[key] = shape;
  }
  writeFileSync(join(folder, 'arrays.json'), JSON.stringify(shapes));
}

/** Floating-point operations of the matrix products of one step. */
export function countOperations({ model }: ExperimentConfig, images: number): number {
  if (model.name !== 'mlp') throw new RangeError('the IRM run trains an MLP');
  const sizes = [392, ...model.widths, 1];
  return sizes.slice(1).reduce((sum, outputs, index) => {
    // Forward, and the gradients of kernel and input, of which the first layer has none.
    const products = index === 0 ? 2 : 3;
    return sum + 2 * products * images * sizes[index]! * outputs;
  }, 0);
}
