import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentConfig } from '../config/schema/root.js';
import { HeldoutError } from '../core/errors.js';
import { sha256 } from '../core/hash.js';
import { canonicalJson, type Json } from '../core/json.js';
import { openDataset } from '../datasets/index.js';
import type { NamedArrays, TrainerOptions, TrainState } from '../engine/engine.js';
import { evaluatedParameters } from '../engine/state.js';
import type { Model } from '../models/model.js';
import { findLastGoodCheckpoint } from '../runs/checkpoints/checkpoints.js';
import { listRuns } from '../runs/list.js';
import { makeSplit } from '../splits/index.js';
import type { JobContext, JobEnd, Protocol } from './context.js';
import { refuseEmpty } from './derived.js';
import { evaluateNetwork } from './evaluation/evaluate-network.js';
import { requireFit } from './evaluation/require-fit.js';
import { addTarget, announce, type Material, type Origin, prepareMaterial } from './prepare.js';
import { holdParameters } from './pruning/hold-parameters.js';
import { standardiseOn } from './standardise.js';
import { startJobEngine } from './start-job-engine.js';
import { costOf } from './training/start/model-cost.js';
import { countMembers } from './training/step/averaged-model.js';
import { describeStep } from './training/step/training-step.js';

/**
 * Evaluates what another run has trained on the data, by the split and by the measures of its own config. Nothing is
 * trained; what comes of it is a run of its own with a copy of the weights, which needs the other no more.
 */
export const evaluated: Protocol = {
  run: (context) => takeAndEvaluate(context, true),
  evaluate: (context) => takeAndEvaluate(context, false),
};

async function takeAndEvaluate(context: JobContext, mayTake: boolean): Promise<JobEnd> {
  const { config, run, signal, dataFolder } = context;
  const trained = describeTrained(config);
  const ownMaterial = await prepareMaterial(trained, dataFolder);
  const material = await prepareAsTrained(config, trained, ownMaterial, dataFolder);
  const begun = run.continueFrom();
  if (begun === undefined && !mayTake) throw refuseEmpty(run.id);
  const { state, extra, origin } = begun === undefined ? take(context) : { ...begun, origin: undefined };
  const engine = await startJobEngine(context, begun && run.manifest()?.engine);
  const { model, options } = await describeStep(withMembers(trained, state), ownMaterial);
  const trainer = holdParameters(engine, effectiveParameters(state, model, options));
  try {
    const { tier, threads, precision, notes } = engine;
    const cost = costOf(model, config, material.dataset);
    announce(context, material, { tier, threads, precision, notes }, 0, cost, origin);
    if (begun === undefined) run.saveCheckpoint(state, extra);
    run.finishTraining(state.step);
    return { ...(await evaluateNetwork(context, { material, model, trainer, engine })), step: state.step };
  } catch (error) {
    if (signal.aborted && error === signal.reason) return { outcome: 'interrupted', step: state.step };
    throw error;
  } finally {
    trainer.dispose();
  }
}

type EvaluatedConfig = Extract<ExperimentConfig['protocol'], { name: 'evaluated' }>;

function readConfig({ protocol }: ExperimentConfig): EvaluatedConfig {
  if (protocol.name !== 'evaluated') throw new Error(`the protocol is ${protocol.name}`);
  return protocol;
}

/** The config with the data that the network was trained on. */
function describeTrained(config: ExperimentConfig): ExperimentConfig {
  const { dataset, split } = readConfig(config);
  return { ...config, dataset, split, protocol: { name: 'supervised' } };
}

/** The same for an ensemble, whose parameters are those of all its members. */
function withMembers(config: ExperimentConfig, { parameters }: TrainState): ExperimentConfig {
  const members = countMembers(parameters);
  if (members === 0) return config;
  const from = Array.from({ length: members }, (_, member) => `member ${member}`);
  return { ...config, protocol: { name: 'averaged', from, of: 'logits', choose: 'all' } };
}

/** The data of the config, as the network got those that it was trained on. */
async function prepareAsTrained(
  config: ExperimentConfig,
  trained: ExperimentConfig,
  own: Material,
  dataFolder: string,
): Promise<Material> {
  const isSame = canonicalJson(config.dataset) === canonicalJson(trained.dataset);
  if (isSame && canonicalJson(config.split) === canonicalJson(trained.split)) return own;
  const source = await openDataset(trained.dataset, { dataFolder });
  const opened = isSame ? source : await openDataset(config.dataset, { dataFolder });
  const dataset = addTarget(standardiseOn(opened, own.split.sets.train, source), config);
  requireFit(own.dataset, dataset, readConfig(config).from);
  return { dataset, split: makeSplit(dataset.table, config.split) };
}

/** What the run ended with. Throws HeldoutError where it has no checkpoint, or another than the config says. */
function take({ config, run }: JobContext): {
  readonly state: TrainState;
  readonly extra: Json;
  readonly origin: Origin;
} {
  const { from, checkpoint: wanted } = readConfig(config);
  const results = join(run.paths.folder, '..', '..', '..');
  const source = listRuns(results).find((listing) => listing.run === from);
  const checkpoint = source && findLastGoodCheckpoint(source.paths.checkpoints, from).checkpoint;
  if (checkpoint === undefined) {
    const why = source === undefined ? `there is no run ${from}` : `run ${from} has no good checkpoint`;
    throw refuse(`${why}, so it cannot be evaluated`, source?.paths.folder ?? results, from);
  }
  const weights = sha256(readFileSync(join(checkpoint.folder, 'weights.safetensors')));
  if (weights !== wanted) {
    throw refuse(
      `run ${from} has other weights than when this evaluation was asked for`,
      checkpoint.folder,
      from,
    );
  }
  const { state, extra } = checkpoint;
  run.log(`evaluates run ${from} at step ${state.step}`);
  return { state, extra, origin: { run: from, step: state.step, weights } };
}

/** What predictions are made with: of the model, and of its objective where that predicts; averages where they were kept. */
function effectiveParameters(
  { parameters, slots }: TrainState,
  model: Model,
  { parameters: initial, optimizer }: TrainerOptions,
): NamedArrays {
  const averaged = evaluatedParameters(parameters, slots, optimizer);
  const lacking = Object.keys(model.parameters).find((name) => averaged[name] === undefined);
  if (lacking !== undefined)
    throw refuse(`the checkpoint has no parameter ${lacking}, which the model has`, 'model', 'RUN');
  return Object.fromEntries(
    Object.keys(initial).flatMap((name) => {
      const found = averaged[name];
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

function refuse(message: string, place: string, run: string): HeldoutError {
  return new HeldoutError({
    code: 'E_EVALUATE_SOURCE',
    message,
    place,
    hints: [
      `npm run experiment -- evaluate ${run} KEY=VALUE  (asks for it anew)`,
      'npm run experiment -- status STUDY lists the runs',
    ],
    exitCode: 1,
  });
}
