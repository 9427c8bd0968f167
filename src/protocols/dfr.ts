import type { ExperimentConfig } from '../config/schema/root.js';
import type { NamedArrays } from '../engine/engine.js';
import { drawBalancedRows, retrainReadOut } from '../evaluation/retraining/retrain-read-out.js';
import type { Model } from '../models/model.js';
import { loopStart } from '../training/loop.js';
import { type Head, layOutHeads } from '../variables/targets.js';
import { readSource } from './adapt/source.js';
import type { JobContext, Protocol } from './context.js';
import { makeAndEvaluate, type Vessel, withParameters } from './derived.js';
import { createFeatureReader, predictorOptions } from './evaluation/read-network.js';
import { type Material, prepareMaterial } from './prepare.js';
import { chooseRetrainingRows, refuseRetraining } from './retraining/choose-rows.js';
import { saveLoopState } from './training/start/network.js';

/**
 * Takes the network of another run with its read-out fitted anew to group-balanced examples (DFR; see `retrainReadOut`), and
 * evaluates it. Throws HeldoutError where the set that it is fitted to chooses between runs or is for testing. What comes
 * of it is a run of its own, which needs the other no more.
 */
export const dfr: Protocol = retrainAndEvaluate(({ config, dataFolder }) =>
  prepareMaterial(config, dataFolder),
);

/** The same on whatever material. */
export function retrainAndEvaluate(prepare: (context: JobContext) => Promise<Material>): Protocol {
  return makeAndEvaluate({
    prepare,
    async make(context, vessel) {
      const { model, trainer } = vessel;
      const restore = (parameters: NamedArrays) => trainer.restore(withParameters(vessel, parameters));
      restore(readTrained(context, model, trainer.state().parameters));
      restore(await retrain(context, vessel));
      return { state: trainer.state(), extra: saveLoopState(loopStart) };
    },
  });
}

function readTrained({ config, run }: JobContext, model: Model, own: NamedArrays): NamedArrays {
  const { parameters } = readSource(run.paths, readConfig(config).from);
  const other = Object.keys(model.parameters).find(
    (name) => String(parameters[name]?.shape) !== String(own[name]!.shape),
  );
  if (other !== undefined) {
    throw refuseRetraining(`the run's ${other} is not that of the model ${config.model.name} by itself`, [
      'take a run of objective=cross_entropy',
    ]);
  }
  return { ...own, ...parameters };
}

/** All parameters, with another read-out. */
async function retrain(
  { config, run }: JobContext,
  { material, model, trainer }: Vessel,
): Promise<NamedArrays> {
  const { c, draws, set, group } = readConfig(config);
  if (model.features === undefined) {
    throw refuseRetraining(`the model ${config.model.name} has no read-out that could be fitted anew`, [
      'model=mlp, cnn, digit_cnn, patch_mlp, resnet and vit have one',
    ]);
  }
  const head = requireClasses(material);
  const { examples, labels, groups, describe } = chooseRetrainingRows(material, { set, group }, head);
  const readFeatures = createFeatureReader(predictorOptions(config, { material, model, trainer }));
  const features = await readFeatures(examples);
  const subsets = drawBalancedRows(groups, draws, config.seed);
  const classes = head.kind === 'binary' ? 2 : head.width;
  const fitted = retrainReadOut(features, labels, { c, subsets, classes });
  run.log(`fits the read-out to ${draws} draws of ${subsets[0]!.length} examples of ${set}, ${describe}`);
  run.warn(`the read-out was fitted to examples of the set ${set}, whose numbers therefore say nothing`);
  return { ...trainer.state().parameters, ...toReadOut(fitted, head) };
}

/** Of one fit for two classes the halves of the logit, less and more. */
function toReadOut(
  { kernel, bias }: ReturnType<typeof retrainReadOut>,
  { kind, width, threshold = 0 }: Head,
): NamedArrays {
  const spread = (values: Float64Array, more: number) => {
    if (kind === 'binary' || width !== 2) return Float32Array.from(values, (value) => value + more);
    return Float32Array.from({ length: 2 * values.length }, (_, at) => {
      const half = values[Math.floor(at / 2)]! / 2;
      return at % 2 === 0 ? -half : half;
    });
  };
  return {
    'read-out/kernel': { shape: [kernel.length / bias.length, width], data: spread(kernel, 0) },
    'read-out/bias': { shape: [width], data: spread(bias, threshold) },
  };
}

function requireClasses({ dataset }: Material): Head {
  const [head, ...others] = layOutHeads(dataset.table, dataset.targets);
  if (head !== undefined && others.length === 0 && head.kind !== 'numeric') return head;
  throw refuseRetraining(`DFR fits classes of one target, which ${dataset.name} has not`, [
    'take a run on a dataset with one target that has classes',
  ]);
}

function readConfig({ protocol }: ExperimentConfig) {
  if (protocol.name !== 'dfr') throw new Error(`the protocol is ${protocol.name}`);
  return protocol;
}
