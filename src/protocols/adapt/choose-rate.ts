import type { ExperimentConfig } from '../../config/schema/root.js';
import { HeldoutError } from '../../core/errors.js';
import type { Engine, TrainerOptions } from '../../engine/engine.js';
import { scorePredictions } from '../../evaluation/index.js';
import type { Model } from '../../models/model.js';
import { sampleSet } from '../../splits/sample.js';
import { drawShots } from '../../splits/shots.js';
import { loopStart, train } from '../../training/loop.js';
import { createSchedule } from '../../training/schedules.js';
import { createPredictor } from '../evaluation/predict.js';
import { predictorOptions } from '../evaluation/read-network.js';
import { tabulate } from '../evaluation/tabulate.js';
import type { Material } from '../prepare.js';
import { createEntrance, drawBatches } from '../training/batches/resident.js';
import { createRefresh } from '../training/step/penalty.js';
import { stepNumbers } from '../training/step/training-step.js';

export interface Choice {
  readonly config: ExperimentConfig;
  readonly material: Material;
  readonly engine: Engine;
  readonly model: Model;
  readonly options: TrainerOptions;
  /** The variable whose levels are the classes. */
  readonly by: string;
  /** Training examples of each class. */
  readonly count: number;
  readonly rates: readonly number[];
  readonly signal: AbortSignal;
  /** Hears how good each rate is. */
  log(line: string): void;
}

/**
 * The learning rate with which training on a few examples of the validation set answers the rest of that set best, of
 * equal ones the first. Neither training nor test set takes part. Throws HeldoutError where no rate trains, and the
 * signal's reason when it fires.
 */
export async function chooseRate(choice: Choice): Promise<number> {
  const { engine, options, rates, log } = choice;
  const trainer = engine.createTrainer(options);
  try {
    const begin = trainer.state();
    const { most } = divideValidation(choice.material, choice.by, choice.count);
    if (most < choice.count && Number.isFinite(choice.count))
      log(`rates are tried on ${most} examples of each class: the validation set has no more to spare`);
    let best: { readonly rate: number; readonly accuracy: number } | undefined;
    for (const rate of rates) {
      trainer.restore(begin);
      const accuracy = await tryRate(choice, trainer, rate);
      log(`learning rate ${rate}: ${accuracy === undefined ? 'diverged' : `accuracy ${accuracy}`}`);
      if (accuracy !== undefined && (best === undefined || accuracy > best.accuracy))
        best = { rate, accuracy };
    }
    if (best !== undefined) return best.rate;
  } finally {
    trainer.dispose();
  }
  throw new HeldoutError({
    code: 'E_ADAPT_RATES',
    message: `training diverged with every learning rate of ${rates.join(', ')}`,
    place: 'protocol.rates',
    hints: [`protocol.rates=[${Math.min(...rates) / 10}]`],
    exitCode: 1,
  });
}

/** Accuracy on what is left of the validation set; undefined where training diverged. */
async function tryRate(
  { config, material, model, by, count, signal }: Choice,
  trainer: ReturnType<Engine['createTrainer']>,
  rate: number,
): Promise<number | undefined> {
  const own = divideValidation(material, by, count);
  const tried: Material = { ...material, split: { ...material.split, sets: { train: own.train } } };
  const batches = drawBatches(tried, config);
  const enter = createEntrance(tried, config, false, model);
  const refresh = createRefresh(model, trainer);
  const { steps, schedule } = config.training;
  try {
    const outcome = await train({
      trainer,
      start: loopStart,
      steps,
      logEvery: steps,
      checkpointEvery: steps,
      ...(refresh && { refresh }),
      batch: (step) => enter(batches(step), step),
      learningRate: createSchedule(schedule, rate, steps),
      numbers: (step) => stepNumbers(model, config, step),
      log() {},
      checkpoint() {},
      progress() {},
      signal,
    });
    if (outcome === 'interrupted') throw signal.reason;
  } catch (error) {
    if (error instanceof HeldoutError && error.code === 'E_TRAINING_DIVERGED') return undefined;
    throw error;
  }
  const predict = createPredictor(
    predictorOptions(config, { material, model, trainer }, () => signal.throwIfAborted()),
  );
  const examples = sampleSet(own.rest, config.evaluation.test_examples, 0, 'choice');
  const predictions = await predict(examples);
  const rows = scorePredictions(tabulate(material, [{ set: 'validation', examples, predictions }]), [
    'accuracy',
  ]);
  return rows.find(({ group }) => Object.keys(group).length === 0)!.value;
}

/** At most half of every class is for training, so that there is something left to answer. */
function divideValidation({ dataset, split }: Material, by: string, count: number) {
  const { validation } = split.sets;
  if (validation === undefined) throw new Error('checked with the config: there is a validation set');
  const { table } = dataset;
  const column = table.column(by);
  const found = new Uint32Array(table.variable(by).levels.length);
  for (const example of validation) found[column[example]!]!++;
  const least = Math.min(...found.filter((size) => size > 0));
  const most = Math.max(1, Math.min(count, Math.floor(least / 2)));
  const train = drawShots(table, validation, { by, count: most, draw: 'choice' });
  const taken = new Set(train);
  const rest = validation.filter((example) => !taken.has(example));
  if (rest.length > 0) return { train, rest, most };
  throw new HeldoutError({
    code: 'E_ADAPT_RATES',
    message: `the validation set has ${validation.length} examples, too few to train on some and to answer others`,
    place: 'split.sets.validation',
    hints: [
      'give it a larger share: split.sets.validation.share=0.2',
      'or choose no rate: protocol.rates=[]',
    ],
    exitCode: 1,
  });
}
