import type { ExperimentConfig } from '../config/schema/root.js';
import type { NamedArrays } from '../engine/engine.js';
import { type OpsProfile, type Spread, type StepProfile, spreadOf } from '../engine/profile/profile.js';
import { profileAsRun, profileOpByOp } from '../engine/profile/profile-step.js';
import { countParameters } from '../models/initialise.js';
import { prepareMaterial } from './prepare.js';
import { startJobEngine } from './start-job-engine.js';
import { createEntrance, describeResident, drawBatches } from './training/batches/resident.js';
import { describeStep, exampleInputs } from './training/step/training-step.js';

/** Where the time of a job's training step goes. */
export interface JobProfile {
  readonly tier: 'tensorflow' | 'wasm';
  readonly threads: number;
  /** What the engine says of itself. */
  readonly notes: readonly string[];
  readonly batchSize: number;
  readonly parameters: number;
  readonly asRun: StepProfile;
  /** Milliseconds to fill a batch from the dataset, before each step. */
  readonly fill: Spread;
  readonly opByOp: OpsProfile;
  /** Why the step is not run as it could be. */
  readonly warnings: readonly string[];
}

export interface ProfileContext {
  readonly config: ExperimentConfig;
  readonly dataFolder: string;
  /** The job's share of the cores, where its config leaves threads open. */
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Called with the tier when the steps begin. */
  begin(backend: string): void;
}

/** How long each part is measured. */
const seconds = 4;

/** Profiles the first steps of a job, which needs no run folder. Throws the signal's reason when it fires. */
export async function profileJob(context: ProfileContext): Promise<JobProfile> {
  const { config, dataFolder, signal, begin } = context;
  const { training } = config;
  const material = await prepareMaterial(config, dataFolder);
  const engine = await startJobEngine(context);
  const { model, options } = await describeStep(config, material);
  const warnings: string[] = [];
  const batches = drawBatches(material, config);
  const enter = [false, true].map((asRows) => createEntrance(material, config, asRows, model));
  const resident = describeResident(material, config);
  const fills: number[] = [];
  const batch = (step: number, asRows: boolean): NamedArrays => {
    const examples = batches(step);
    const start = performance.now();
    const filled = enter[Number(asRows)]!(examples, step);
    fills.push(performance.now() - start);
    return filled;
  };
  const request = {
    engine,
    options: {
      ...options,
      ...(resident && { resident }),
      warn: (message: string) => void warnings.push(message),
    },
    inputs: exampleInputs(model, config),
    batch,
    seconds,
    signal,
  };
  begin(engine.tier);
  const asRun = await profileAsRun(request);
  const fill = spreadOf(fills.slice(1));
  const opByOp = await profileOpByOp(request);
  return {
    tier: engine.tier,
    threads: engine.threads,
    notes: engine.notes,
    batchSize: training.batch_size,
    parameters: countParameters(model),
    asRun,
    fill,
    opByOp,
    warnings,
  };
}
