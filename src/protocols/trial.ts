import { setImmediate } from 'node:timers/promises';
import type { ExperimentConfig } from '../config/schema/root.js';
import type { Engine, SharedTrainer, StepInputs } from '../engine/engine.js';
import { type Material, prepareMaterial } from './prepare.js';
import { createEntrance, describeResident, drawBatches } from './training/batches/resident.js';
import { createPlaces } from './training/start/replicas.js';
import { startEngineFor } from './training/start/start-engine.js';
import { describeStep, exampleInputs } from './training/step/training-step.js';

/** What a trial measures in one process: threads are fixed when the library loads. */
export interface Probe {
  readonly threads: number;
  /** Whether threads run ops side by side, as they do for replicas. */
  readonly sideBySide: boolean;
  /** How many runs are trained together, ascending. */
  readonly sizes: readonly number[];
}

/** One of a probe's sizes. */
export interface Measured {
  readonly threads: number;
  readonly replicas: number;
  /** Of one step of one run: that of all divided by how many they are. */
  readonly seconds: number;
  /** The most memory that the process has held so far, in bytes. */
  readonly memory: number;
}

export interface ProbeContext {
  readonly config: ExperimentConfig;
  readonly probe: Probe;
  readonly dataFolder: string;
  readonly signal: AbortSignal;
  /** Called with the tier when the steps begin. */
  begin(backend: string): void;
}

const warmUps = 3;
const fewest = 10;
const most = 200;
/** How long one size is measured. */
const enoughSeconds = 1.5;

/**
 * Times the first steps of a job, batches included, which needs no run folder. Sizes that do not fit the memory are
 * left out, but for the first. Throws the signal's reason when it fires.
 */
export async function measureProbe(context: ProbeContext): Promise<readonly Measured[]> {
  const { config, probe, signal, begin } = context;
  const material = await prepareMaterial(config, context.dataFolder);
  const { threads, sideBySide } = probe;
  const engine = await startEngineFor({ ...config.engine, threads, sideBySide }, undefined);
  begin(engine.tier);
  const measured: Measured[] = [];
  for (const replicas of probe.sizes) {
    try {
      const seconds = await timeSteps({ config, material, engine, signal }, replicas);
      measured.push({ threads, replicas, seconds, memory: process.resourceUsage().maxRSS * 1024 });
    } catch (error) {
      if (signal.aborted || measured.length === 0) throw error;
      break;
    }
  }
  return measured;
}

interface Setting {
  readonly config: ExperimentConfig;
  readonly material: Material;
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

/** Seconds of one step of one of `replicas` runs that differ in their seed: those of the fastest call. */
async function timeSteps(setting: Setting, replicas: number): Promise<number> {
  const members = await createMembers(setting, replicas);
  try {
    let fastest = Number.POSITIVE_INFINITY;
    let spent = 0;
    for (let call = 0; call < most && (call < warmUps + fewest || spent < enoughSeconds); call++) {
      await setImmediate();
      setting.signal.throwIfAborted();
      const start = performance.now();
      const counts = await Promise.all(members.map((member) => member.advance(call)));
      const seconds = (performance.now() - start) / 1000;
      spent += seconds;
      if (call >= warmUps) fastest = Math.min(fastest, seconds / counts[0]! / replicas);
    }
    return fastest;
  } finally {
    for (const { trainer } of members) trainer.dispose();
  }
}

interface Member {
  readonly trainer: SharedTrainer;
  /** Makes the steps of one call and returns how many they were. */
  advance(call: number): Promise<number>;
}

async function createMembers(
  { config, material, engine }: Setting,
  replicas: number,
): Promise<readonly Member[]> {
  const places = replicas === 1 ? [] : createPlaces(replicas);
  const resident = describeResident(material, config);
  const members: Member[] = [];
  for (let index = 0; index < replicas; index++) {
    const seed = config.seed + index;
    const own = { ...config, seed };
    const { model, options } = await describeStep(own, material);
    const inputs: StepInputs = exampleInputs(model, own);
    const described = { ...options, ...(resident && { resident }) };
    const trainer = places[index]?.createTrainer(engine, described) ?? engine.createTrainer(described);
    const batches = drawBatches(material, own);
    const fed = createEntrance(material, own, false, model);
    const execution = trainer.prepare(fed(batches(0), 0), inputs);
    const enter = execution.resident > 0 ? createEntrance(material, own, true, model) : fed;
    const batch = (step: number) => enter(batches(step), step);
    members.push({
      trainer,
      async advance(call) {
        const several = trainer.several?.();
        if (several === undefined) {
          await trainer.step(batch(call), inputs);
          return 1;
        }
        await several.run(several.most, (at) => ({ batch: batch(call * several.most + at), inputs }));
        return several.most;
      },
    });
  }
  return members;
}
