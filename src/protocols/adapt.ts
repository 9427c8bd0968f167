import type { ExperimentConfig } from '../config/schema/root.js';
import { HeldoutError } from '../core/errors.js';
import type { Dataset } from '../datasets/dataset.js';
import { withoutGraphons } from '../models/nac/priors/penalty.js';
import { keepShots } from '../splits/shots.js';
import { hasClasses } from '../variables/targets.js';
import { chooseRate } from './adapt/choose-rate.js';
import { readSource } from './adapt/source.js';
import { findHead, transferParameters } from './adapt/transfer.js';
import type { JobContext } from './context.js';
import { type Material, prepareMaterial } from './prepare.js';
import { trainAndEvaluate } from './supervised.js';
import { type Described, readChosenRate } from './training/start/network.js';

/**
 * Trains on with the weights of another run, all of them or a new output layer alone, on a few examples of each class
 * of the split's training set; then evaluates as ever. The learning rate may be chosen on the validation set before.
 */
export const adapt = trainAndEvaluate(prepareShots, beginWithSource);

type AdaptConfig = Extract<ExperimentConfig['protocol'], { name: 'adapt' }>;

function readConfig({ protocol }: ExperimentConfig): AdaptConfig {
  if (protocol.name !== 'adapt') throw new Error(`the protocol is ${protocol.name}`);
  return protocol;
}

async function prepareShots({ config, dataFolder }: JobContext): Promise<Material> {
  const { shots, draw } = readConfig(config);
  const { dataset, split } = await prepareMaterial(config, dataFolder);
  if (shots === null) return { dataset, split };
  return { dataset, split: keepShots(dataset.table, split, { by: classOf(dataset), count: shots, draw }) };
}

/** The first target that has classes. */
function classOf({ name, targets }: Dataset): string {
  const found = targets.find(hasClasses);
  if (found !== undefined) return found.name;
  throw new HeldoutError({
    code: 'E_ADAPT_CLASSES',
    message: `examples are drawn by their classes, and the dataset ${name} has none`,
    place: 'protocol.shots',
    hints: ['protocol.shots=null takes all of the training set'],
  });
}

async function beginWithSource(
  { config, run, signal }: JobContext,
  { material, engine, model, options, checkpoint }: Described,
) {
  const { from, mode, shots, rates } = readConfig(config);
  const head = await findHead(model, config, material.dataset);
  const others = Object.keys(model.parameters).filter((name) => !head.includes(name));
  const fixed = options.frozen ?? [];
  const frozen = mode === 'full' ? fixed : [...new Set([...fixed, ...others])];
  if (checkpoint !== undefined) {
    const learningRate = readChosenRate(checkpoint);
    return { options: { ...options, frozen }, ...(learningRate !== undefined && { learningRate }) };
  }
  const source = readSource(run.paths, from);
  // What the host computes for a penalty is of this training, not of the source's.
  const own = Object.fromEntries(
    Object.entries(options.parameters).filter(([name]) => name in model.parameters),
  );
  const taken = transferParameters(own, head, { ...source, parameters: withoutGraphons(source.parameters) });
  const parameters = { ...options.parameters, ...taken };
  const begun = { ...options, parameters, frozen };
  run.log(`begins with the weights of run ${source.run} at step ${source.step}; new are ${head.join(', ')}`);
  const origin = { run: source.run, step: source.step };
  if (rates.length === 0) return { options: begun, origin };
  const learningRate = await chooseRate({
    ...{ config, material, engine, model, rates, signal },
    options: begun,
    by: classOf(material.dataset),
    count: shots ?? Number.POSITIVE_INFINITY,
    log: (line) => run.log(line),
  });
  run.log(`takes the learning rate ${learningRate}`);
  return { options: begun, learningRate, origin };
}
