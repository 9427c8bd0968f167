import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { dataFolderOf } from '../../../src/cli/jobs/data-folder.js';
import type { ExperimentConfig } from '../../../src/config/index.js';
import { monotonicSeconds } from '../../../src/core/clock.js';
import type { Engine } from '../../../src/engine/engine.js';
import type { StoredArray } from '../../../src/engine/resident.js';
import { type Material, prepareMaterial } from '../../../src/protocols/prepare.js';
import {
  createEntrance,
  describeResident,
  drawBatches,
} from '../../../src/protocols/training/batches/resident.js';
import { createPlaces, type ReplicaPlace } from '../../../src/protocols/training/start/replicas.js';
import { startEngineFor } from '../../../src/protocols/training/start/start-engine.js';
import {
  describeStep,
  exampleInputs,
  stepNumbers,
} from '../../../src/protocols/training/step/training-step.js';
import { loopStart, train } from '../../../src/training/loop.js';
import { composeFamily, type FamilyName, families } from './jobs.js';

/** Trains all networks for so many steps. */
export interface ReplicasRequest {
  readonly steps: number;
}

export interface ReplicasAnswer {
  /** From making the trainers, with their graph, to the last update; the data are there. */
  readonly seconds: number;
  /** Until the first update. */
  readonly start: number;
  /** By network: the mean loss over the first 50 steps, and over the last. */
  readonly losses: readonly (readonly [number, number])[];
}

/**
 * Answers each request, one JSON line each.
 * @param folder Gets what the networks are trained with, for peer.py.
 * @param together Whether they are replicas, or trained one after the other.
 */
export async function serveReplicas(
  family: FamilyName,
  folder: string,
  threads: number,
  together: boolean,
): Promise<void> {
  const configs = composeFamily(family, families[family].steps);
  const { engine: settings } = configs[0]!;
  const engine = await startEngineFor({ ...settings, threads, sideBySide: together }, undefined);
  const materials = new Map<number, Material>();
  for (const config of configs) {
    if (!materials.has(config.seed)) {
      materials.set(config.seed, await prepareMaterial(config, dataFolderOf(config)));
    }
  }
  if (folder !== '') await writeMaterials(folder, configs, materials);
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    const { steps } = JSON.parse(line) as ReplicasRequest;
    const answer = await trainAll(engine, composeFamily(family, steps), materials, together);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

async function trainAll(
  engine: Engine,
  configs: readonly ExperimentConfig[],
  materials: ReadonlyMap<number, Material>,
  together: boolean,
): Promise<ReplicasAnswer> {
  const places = together ? createPlaces(configs.length) : [];
  const begun = monotonicSeconds();
  const trainNext = (config: ExperimentConfig, index: number) =>
    trainOne(engine, config, materials.get(config.seed)!, places[index]);
  const trained: Trained[] = [];
  if (together) trained.push(...(await Promise.all(configs.map(trainNext))));
  else for (const [index, config] of configs.entries()) trained.push(await trainNext(config, index));
  return {
    seconds: monotonicSeconds() - begun,
    start: Math.max(...trained.map(({ prepared }) => prepared)) - begun,
    losses: trained.map(({ losses }) => losses),
  };
}

interface Trained {
  readonly prepared: number;
  readonly losses: readonly [number, number];
}

async function trainOne(
  engine: Engine,
  config: ExperimentConfig,
  material: Material,
  place: ReplicaPlace | undefined,
): Promise<Trained> {
  const { model, options } = await describeStep(config, material);
  const resident = describeResident(material, config);
  const all = { ...options, ...(resident && { resident }) };
  const trainer = place?.createTrainer(engine, all) ?? engine.createTrainer(all);
  try {
    const batches = drawBatches(material, config);
    const fed = createEntrance(material, config, false);
    const execution = trainer.prepare(fed(batches(0), 0), exampleInputs(model, config));
    const prepared = monotonicSeconds();
    const enter = execution.resident > 0 ? createEntrance(material, config, true) : fed;
    const { steps, optimizer } = config.training;
    const logged: number[] = [];
    await train({
      trainer,
      start: loopStart,
      steps,
      logEvery: 50,
      checkpointEvery: steps,
      batch: (step) => enter(batches(step), step),
      learningRate: () => optimizer.learning_rate,
      numbers: (step) => stepNumbers(model, config, step),
      log: ({ loss }) => logged.push(loss),
      checkpoint: () => undefined,
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    return { prepared, losses: [logged[0]!, logged.at(-1)!] };
  } finally {
    trainer.dispose();
  }
}

/** All rows of an input; bytes as what they stand for. */
function readNumbers({ form, read }: StoredArray, examples: number): Float32Array | Int32Array {
  const stored = read(0, examples);
  if (!(stored instanceof Uint8Array)) return stored;
  if (typeof form === 'string') throw new RangeError('bytes that stand for nothing');
  const { values } = form;
  const width = values.length / 256;
  const numbers = new Float32Array(stored.length * width);
  for (const [at, byte] of stored.entries())
    numbers.set(values.subarray(byte * width, (byte + 1) * width), at * width);
  return numbers;
}

/** Training sets, batches and initial parameters of every seed, little-endian, and jobs.json, which describes them. */
async function writeMaterials(
  folder: string,
  configs: readonly ExperimentConfig[],
  materials: ReadonlyMap<number, Material>,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, data: Float32Array | Int32Array) =>
    writeFileSync(join(folder, name), Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  const shapes: Record<string, readonly number[]> = {};
  for (const [seed, material] of materials) {
    const config = configs.find((one) => one.seed === seed)!;
    const { examples, arrays } = describeResident(material, config)!;
    for (const [name, stored] of Object.entries(arrays)) {
      write(`${seed}-${name}`, readNumbers(stored, examples));
      shapes[name] = [examples, ...stored.shape];
    }
    const batches = drawBatches(material, config);
    const enter = createEntrance(material, config, true);
    const { batch_size: size, steps } = config.training;
    const rows = new Int32Array(steps * size);
    for (let step = 0; step < steps; step++) {
      rows.set(Object.values(enter(batches(step), step))[0]!.data, step * size);
    }
    write(`${seed}-rows`, rows);
    shapes.rows = [steps, size];
    const { parameters } = (await describeStep(config, material)).options;
    for (const [name, { shape, data }] of Object.entries(parameters)) {
      const key = name.replace('/', '-');
      write(`${seed}-${key}`, data as Float32Array);
      shapes[key] = shape;
    }
  }
  const jobs = configs.map(({ seed, objective, training: { optimizer } }) => ({
    seed,
    strength: objective.name === 'fair' ? objective.strength : null,
    decay: optimizer.name === 'adam' ? optimizer.weight_decay : 0,
  }));
  writeFileSync(join(folder, 'jobs.json'), JSON.stringify({ shapes, jobs }));
}
