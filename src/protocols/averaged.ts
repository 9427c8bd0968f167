import type { ExperimentConfig } from '../config/schema/root.js';
import { HeldoutError } from '../core/errors.js';
import type { NamedArrays } from '../engine/engine.js';
import { scorePredictions } from '../evaluation/index.js';
import { chooseGreedily } from '../training/choose-greedily.js';
import { loopStart } from '../training/loop.js';
import { meanOf } from '../training/mean-of.js';
import { readMembers } from './averaging/members.js';
import type { JobContext, Protocol } from './context.js';
import { makeAndEvaluate, type Vessel, withParameters } from './derived.js';
import { createPredictor } from './evaluation/predict.js';
import { predictorOptions } from './evaluation/read-network.js';
import { tabulate } from './evaluation/tabulate.js';
import { type Material, prepareMaterial } from './prepare.js';
import { createEnvironmentMonitor } from './training/loop/environment-monitor.js';
import { saveLoopState } from './training/start/network.js';
import { joinMembers } from './training/step/averaged-model.js';

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
  return makeAndEvaluate({
    prepare,
    async make(context, vessel) {
      const { trainer } = vessel;
      trainer.restore(withParameters(vessel, await average(context, vessel)));
      await createEnvironmentMonitor(context, vessel)?.(0);
      return { state: trainer.state(), extra: saveLoopState(loopStart) };
    },
  });
}

async function average({ config, run }: JobContext, vessel: Vessel): Promise<NamedArrays> {
  const { of, from, choose } = readConfig(config);
  const { trainer } = vessel;
  const members = readMembers(run.paths, config, Object.keys(trainer.state().parameters));
  if (of === 'logits') {
    run.log(`averages the outputs of runs ${from.join(', ')}`);
    return joinMembers(members);
  }
  const meanAt = (places: readonly number[]) => meanOf(places.length, (at) => members[places[at]!]!);
  const all = members.map((_, place) => place);
  const measure = choose === 'all' ? undefined : createMeasure(config, vessel);
  const chosen =
    measure === undefined
      ? all
      : await chooseGreedily(members.length, (places) => {
          trainer.restore(withParameters(vessel, meanAt(places)));
          return measure();
        });
  run.log(`averages the weights of runs ${chosen.map((place) => from[place]).join(', ')}`);
  return meanAt(chosen);
}

/** Accuracy on the set `validation`. */
function createMeasure(config: ExperimentConfig, vessel: Vessel): () => Promise<number> {
  const { material } = vessel;
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
  const predict = createPredictor(predictorOptions(config, vessel));
  return async () => {
    const table = tabulate(material, [{ set: 'validation', examples, predictions: await predict(examples) }]);
    return scorePredictions(table, ['accuracy']).find(({ group }) => Object.keys(group).length === 0)!.value;
  };
}

function readConfig({ protocol }: ExperimentConfig) {
  if (protocol.name !== 'averaged') throw new Error(`the protocol is ${protocol.name}`);
  return protocol;
}
