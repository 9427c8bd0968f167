import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HeldoutError } from '../core/errors.js';
import type { Json } from '../core/json.js';
import type { TrainState } from '../engine/engine.js';
import { evaluatedParameters } from '../engine/state.js';
import type { Model } from '../models/model.js';
import { countProcessors, keepProcessors } from '../models/nac/pruning/keep-processors.js';
import { chooseProcessors } from '../models/nac/pruning/order-processors.js';
import { degreesOf } from '../models/nac/pruning/read-links.js';
import { runPaths } from '../runs/folder.js';
import { listRuns } from '../runs/list.js';
import { readManifest } from '../runs/provenance/manifest.js';
import type { JobContext, JobEnd, Protocol } from './context.js';
import { evaluateNetwork } from './evaluation/evaluate-network.js';
import { announce, prepareMaterial } from './prepare.js';
import { requireLinks } from './pruning/isolation.js';
import { linksOf, readTrained, requireCircuit, requireSizes } from './pruning/trained-circuit.js';
import { supervised } from './supervised.js';
import { costOf } from './training/start/model-cost.js';
import { startEngineFor } from './training/start/start-engine.js';
import { describeStep } from './training/step/training-step.js';

/**
 * Takes `model.processors` processors of a trained circuit, as the protocol's order says, saves them with all other
 * weights as a checkpoint of their own, and evaluates them. Nothing is trained.
 */
export const pruned: Protocol = { run: takeAndEvaluate, evaluate: supervised.evaluate };

async function takeAndEvaluate(context: JobContext): Promise<JobEnd> {
  const { config, run } = context;
  const material = await prepareMaterial(config, context.dataFolder);
  const begun = run.continueFrom();
  const source = findSource(context);
  const shared = config.engine.threads === 'auto' ? context.threads : config.engine.threads;
  const engine = await startEngineFor(
    { ...config.engine, threads: shared },
    (begun === undefined ? readManifest(runPaths(source)) : run.manifest())?.engine,
  );
  const { model, options } = await describeStep(config, material);
  const { state, extra } = begun ?? take(context, source, model, options.optimizer.averageSlot);
  const trainer = engine.createTrainer({ ...options, warn: (message) => run.warn(message) });
  try {
    trainer.restore(state);
    const { tier, threads, precision, notes } = engine;
    const cost = costOf(model, config, material.dataset);
    const made = begun === undefined ? 0 : state.step;
    announce(context, material, { tier, threads, precision, notes }, made, cost);
    if (begun === undefined) run.saveCheckpoint(state, extra);
    run.finishTraining(state.step);
    return await evaluateNetwork(context, { material, model, trainer, engine });
  } finally {
    trainer.dispose();
  }
}

/** The state of the source without the processors that go. */
function take(
  { config, run }: JobContext,
  source: string,
  model: Model,
  averageSlot: string | undefined,
): { readonly state: TrainState; readonly extra: Json } {
  const circuit = requireCircuit(config, run.id).model;
  if (config.protocol.name !== 'pruned') throw new Error(`run ${run.id} is of another protocol`);
  const { order, seed, draw } = config.protocol;
  const { state, extra, folder } = readTrained(source);
  const used = evaluatedParameters(
    state.parameters,
    state.slots,
    averageSlot === undefined ? {} : { averageSlot },
  );
  const links = linksOf(used, circuit);
  requireLinks(links, [order], config.protocol.of);
  const processors = countProcessors(used);
  const ranking = { order, processors, degrees: links && degreesOf(links), seed, draw };
  const kept = chooseProcessors(ranking, circuit.processors);
  const parameters = keepProcessors(state.parameters, kept);
  requireSizes(parameters, model, folder);
  run.log(`keeps processors ${kept.join(', ')} of ${processors}`);
  return { state: { parameters, slots: keepProcessors(state.slots, kept), step: state.step }, extra };
}

/** The folder of the trained run: beside the pruned one, or in another study. */
function findSource({ config, run }: JobContext): string {
  if (config.protocol.name !== 'pruned') throw new Error(`run ${run.id} is of another protocol`);
  const { of } = config.protocol;
  const study = dirname(run.paths.folder);
  const beside = join(study, of);
  if (existsSync(beside)) return beside;
  const results = dirname(dirname(study));
  const found = listRuns(results).find((listing) => listing.run === of);
  if (found !== undefined) return found.paths.folder;
  throw new HeldoutError({
    code: 'E_PRUNE_SOURCE',
    message: `the circuit of run ${of} cannot be taken: there is no such run`,
    place: results,
    hints: ['npm run experiment -- status STUDY lists the runs'],
  });
}
