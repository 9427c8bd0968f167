import type { ExperimentConfig } from '../config/schema/root.js';
import { HeldoutError } from '../core/errors.js';
import type { NamedArrays, SharedTrainer } from '../engine/engine.js';
import { scorePredictions } from '../evaluation/index.js';
import type { Model } from '../models/model.js';
import { chooseGreedily } from '../training/choose-greedily.js';
import { loopStart } from '../training/loop.js';
import { meanOf } from '../training/mean-of.js';
import { readMembers } from './averaging/members.js';
import type { JobContext, JobEnd, Protocol } from './context.js';
import { evaluateNetwork } from './evaluation/evaluate-network.js';
import { createPredictor } from './evaluation/predict.js';
import { predictorOptions } from './evaluation/read-network.js';
import { tabulate } from './evaluation/tabulate.js';
import { announce, type Material, prepareMaterial } from './prepare.js';
import { createEnvironmentMonitor } from './training/loop/environment-monitor.js';
import { costOf } from './training/start/model-cost.js';
import { saveLoopState } from './training/start/network.js';
import { startEngineFor } from './training/start/start-engine.js';
import { joinMembers } from './training/step/averaged-model.js';
import { describeStep } from './training/step/training-step.js';

/**
 * Evaluates the mean of several runs. Of weights it is one network (DiWA; Ramé, Kirchmeyer, Rahier, Rakotomamonjy,
 * Gallinari & Cord, Diverse Weight Averaging for Out-of-Distribution Generalization, NeurIPS 2022), of logits an ensemble
 * (EoA; Arpit, Wang, Zhou & Xiong, Ensemble of Averages, NeurIPS 2022). Where a training kept averages of its weights, they
 * are meant. What comes of it is a run of its own, which needs the others no more. Throws HeldoutError where weights are
 * to be averaged of runs that did not begin with the same ones.
 */
export const averaged: Protocol = averageAndEvaluate(({ config, dataFolder }) =>
  prepareMaterial(config, dataFolder),
);

/** The same on whatever material. */
export function averageAndEvaluate(prepare: (context: JobContext) => Promise<Material>): Protocol {
  const work = async (context: JobContext): Promise<JobEnd> => {
    const { config, run } = context;
    const material = await prepare(context);
    const begun = run.continueFrom();
    const shared = config.engine.threads === 'auto' ? context.threads : config.engine.threads;
    const engine = await startEngineFor({ ...config.engine, threads: shared }, run.manifest()?.engine);
    const { model, options } = await describeStep(config, material);
    const trainer = engine.createTrainer({ ...options, warn: (message) => run.warn(message) });
    const network = { material, model, trainer, engine };
    try {
      const parameters = begun?.state.parameters ?? (await average(context, network));
      trainer.restore({ ...trainer.state(), parameters });
      const { tier, threads, precision, notes } = engine;
      announce(
        context,
        material,
        { tier, threads, precision, notes },
        0,
        costOf(model, config, material.dataset),
      );
      if (begun === undefined) {
        await createEnvironmentMonitor(context, network)?.(0);
        run.saveCheckpoint(trainer.state(), saveLoopState(loopStart));
      }
      run.finishTraining(0);
      return await evaluateNetwork(context, network);
    } finally {
      trainer.dispose();
    }
  };
  return { run: work, evaluate: work };
}

interface Averaging {
  readonly material: Material;
  readonly model: Model;
  readonly trainer: SharedTrainer;
}

async function average(
  { config, run }: JobContext,
  { material, model, trainer }: Averaging,
): Promise<NamedArrays> {
  const { of, from, choose } = readConfig(config);
  const state = trainer.state();
  const members = readMembers(run.paths, config, Object.keys(state.parameters));
  if (of === 'logits') {
    run.log(`averages the outputs of runs ${from.join(', ')}`);
    return joinMembers(members);
  }
  const meanAt = (places: readonly number[]) => meanOf(places.length, (at) => members[places[at]!]!);
  const all = members.map((_, place) => place);
  const measure = choose === 'all' ? undefined : createMeasure(config, { material, model, trainer });
  const chosen =
    measure === undefined
      ? all
      : await chooseGreedily(members.length, (places) => {
          trainer.restore({ ...state, parameters: meanAt(places) });
          return measure();
        });
  run.log(`averages the weights of runs ${chosen.map((place) => from[place]).join(', ')}`);
  return meanAt(chosen);
}

/** Accuracy on the set `validation`. */
function createMeasure(
  config: ExperimentConfig,
  { material, model, trainer }: Averaging,
): () => Promise<number> {
  const examples = material.split.sets.validation;
  if (examples === undefined) {
    throw new HeldoutError({
      code: 'E_AVERAGE_VALIDATION',
      message: 'runs are chosen by the set validation, which this split has not',
      place: 'protocol.choose',
      hints: ['method=diwa takes all of them'],
      exitCode: 1,
    });
  }
  const predict = createPredictor(predictorOptions(config, { material, model, trainer }));
  return async () => {
    const table = tabulate(material, [{ set: 'validation', examples, predictions: await predict(examples) }]);
    return scorePredictions(table, ['accuracy']).find(({ group }) => Object.keys(group).length === 0)!.value;
  };
}

function readConfig({ protocol }: ExperimentConfig) {
  if (protocol.name !== 'averaged') throw new Error(`the protocol is ${protocol.name}`);
  return protocol;
}
