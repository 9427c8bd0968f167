import type { ExperimentConfig } from '../../../config/schema/root.js';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.js';
import type {
  Engine,
  NamedArrays,
  Optimizer,
  SharedTrainer,
  TrainerOptions,
} from '../../../engine/engine.js';
import type { Model } from '../../../models/model.js';
import type { Checkpoint } from '../../../runs/checkpoints/checkpoints.js';
import { type LoopState, loopStart } from '../../../training/loop.js';
import type { JobContext } from '../../context.js';
import { announce, type Material, type Origin } from '../../prepare.js';
import { createEntrance, describeResident, drawBatches } from '../batches/resident.js';
import { describeStep, exampleInputs } from '../step/training-step.js';
import { costOf } from './model-cost.js';
import { startEngineFor } from './start-engine.js';

/** A model on a started engine, as far as an earlier attempt had trained it. */
export interface Network {
  readonly material: Material;
  readonly engine: Engine;
  readonly model: Model;
  readonly trainer: SharedTrainer;
  readonly start: LoopState;
  readonly optimizer: Optimizer;
  /** Whether steps take rows of training data on the device. */
  readonly resident: boolean;
  /** Where it is not that of the config. */
  readonly learningRate?: number;
  /** All parameters at the start of the training, where it trains twice. */
  readonly beginning?: NamedArrays;
  /** What the checkpoint holds, from which it goes on, beside the trainer's state. */
  readonly saved?: Json;
}

/** A described model on a started engine, and the checkpoint from which it goes on. */
export interface Described {
  readonly material: Material;
  readonly engine: Engine;
  readonly model: Model;
  readonly options: TrainerOptions;
  readonly checkpoint: Checkpoint | undefined;
}

/** What a protocol changes of a training: where it begins, what of it is frozen, how fast it goes. */
export type Begin = (
  context: JobContext,
  described: Described,
) => Promise<{
  readonly options: TrainerOptions;
  readonly learningRate?: number;
  readonly origin?: Origin;
}>;

/** Takes up the last good checkpoint or begins anew, and writes the manifest. */
export async function openNetwork(
  context: JobContext,
  material: Material,
  begin: Begin = async (_, { options }) => ({ options }),
): Promise<Network> {
  const { config, run } = context;
  const checkpoint = run.continueFrom();
  const shared = config.engine.threads === 'auto' ? context.threads : config.engine.threads;
  const engine = await startEngineFor(
    { ...config.engine, threads: shared, sideBySide: (context.replica?.size ?? 1) > 1 },
    checkpoint === undefined ? undefined : run.manifest()?.engine,
  );
  const { backend, threads, precision } = config.engine;
  const changedThreads = engine.tier === 'tensorflow' && threads !== 'auto' && threads !== engine.threads;
  const changedPrecision = precision !== engine.precision;
  if ((backend !== 'auto' && backend !== engine.tier) || changedThreads || changedPrecision) {
    const kept = `${engine.tier} with ${engine.threads} ${engine.threads === 1 ? 'thread' : 'threads'} in ${engine.precision}`;
    run.warn(`run ${run.id} began on ${kept} and stays there; engine.resume=any lets it change`);
  }
  const described = await describeStep(config, material);
  const { model } = described;
  const { options, learningRate, origin } = await begin(context, {
    ...described,
    material,
    engine,
    checkpoint,
  });
  const resident = describeResident(material, config);
  const createTrainer = (all: TrainerOptions) =>
    context.replica?.createTrainer(engine, all) ?? engine.createTrainer(all);
  const trainer = createTrainer({
    ...options,
    ...(checkpoint === undefined ? {} : { parameters: checkpoint.state.parameters }),
    ...(resident && { resident }),
    warn: (message) => run.warn(message),
  });
  if (checkpoint !== undefined) trainer.restore(checkpoint.state);
  const execution = trainer.prepare(exampleBatch(material, config, model), exampleInputs(model, config));
  const start = checkpoint === undefined ? loopStart : readLoopState(checkpoint.state.step, checkpoint.extra);
  const cost = costOf(model, config, material.dataset);
  announce(
    context,
    material,
    {
      tier: engine.tier,
      threads: engine.threads,
      precision: engine.precision,
      ...execution,
      replicas: context.replica?.size ?? 1,
      notes: engine.notes,
    },
    start.step,
    cost,
    origin,
  );
  for (const note of engine.notes) run.log(`engine: ${note}`);
  const millions = (cost.multiplyAdds / 1e6).toFixed(1);
  run.log(
    `model ${config.model.name}: ${cost.parameters} parameters, ${millions} M multiply-adds per example`,
  );
  if (config.training.augment !== undefined && config.engine.resident_data !== 'off') {
    const note = 'training data do not stay on the device: every batch is augmented anew';
    if (config.engine.resident_data === 'auto') run.log(note);
    else run.warn(`${note}; engine.resident_data=${config.engine.resident_data} changes nothing`);
  }
  return {
    ...{ material, engine, model, trainer, start, optimizer: options.optimizer },
    resident: execution.resident > 0,
    ...(learningRate !== undefined && { learningRate }),
    ...(config.training.twice && { beginning: options.parameters }),
    ...(checkpoint && { saved: checkpoint.extra }),
  };
}

/** A batch of the shapes that training has. */
function exampleBatch(material: Material, config: ExperimentConfig, model: Model): NamedArrays {
  return createEntrance(material, config, false, model)(drawBatches(material, config)(0), 0);
}

/** The loop's own part of a checkpoint, next to the state of the trainer; with a learning rate that was chosen. */
export function saveLoopState({ lossSum, lossCount }: LoopState, learningRate?: number): JsonObject {
  return { lossSum, lossCount, ...(learningRate !== undefined && { learningRate }) };
}

/** The learning rate that a checkpoint's training had chosen. */
export function readChosenRate({ extra }: Checkpoint): number | undefined {
  const rate = isJsonObject(extra) ? extra.learningRate : undefined;
  return typeof rate === 'number' ? rate : undefined;
}

function readLoopState(step: number, extra: Json): LoopState {
  const { lossSum, lossCount } = isJsonObject(extra) ? extra : {};
  if (typeof lossSum !== 'number' || typeof lossCount !== 'number') {
    throw new Error(`the checkpoint of step ${step} lacks the sums of the training loop`);
  }
  return { step, lossSum, lossCount };
}
