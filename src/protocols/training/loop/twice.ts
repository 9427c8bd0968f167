import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.js';
import { markHits } from '../../../evaluation/metrics/accuracy.js';
import { listClassTargets } from '../../../evaluation/metrics/rows.js';
import { type Batches, makeBatches } from '../../../random/batches.js';
import { deriveSeed } from '../../../random/seed-tree.js';
import { clearSlots } from '../../../training/optimizers/restart.js';
import type { JobContext } from '../../context.js';
import { createPredictor } from '../../evaluation/predict.js';
import { tabulate } from '../../evaluation/tabulate.js';
import type { Material } from '../../prepare.js';
import type { Network } from '../start/network.js';

/** The second training of one that trains twice. */
export interface Twice {
  /** The update, counted from 0, that is its first. */
  readonly from: number;
  /** Finds the errors of the first training, and begins anew with the weights that this began with. */
  begin(): Promise<void>;
  /** The examples of an update, counted from 0, of the second training. */
  readonly batches: Batches;
  /** What a checkpoint of the second training has to hold. */
  saved(): JsonObject;
}

/**
 * Just train twice (JTT; Liu, Haghgoo, Chen, Raghunathan, Koh, Sagawa, Liang & Finn, Just Train Twice: Improving Group
 * Robustness without Training Group Information, ICML 2021): a first, short training by `training.twice.steps` updates; its
 * errors on the training set count `weight` times in a second one, from the same start with a new optimiser, by as many
 * copies of them: λ Σ ℓ over the errors + Σ ℓ over the rest. (The authors' code appends λ copies to the set, so that they
 * count λ + 1 times.) An example is an error where any target that is the point is answered wrongly. Batches of the second
 * training are epochs of the copies, by the seed (seed, 'second training'). Undefined where a config does not ask for it.
 * Throws HeldoutError where the first training leaves no updates for the second.
 */
export function createTwice({ config, run }: JobContext, network: Network): Twice | undefined {
  const { twice, batch_size, steps } = config.training;
  if (twice === undefined) return undefined;
  if (twice.steps >= steps) throw refuseSteps(twice.steps, steps);
  const { material, trainer, optimizer, beginning } = network;
  const { train } = material.split.sets;
  const seed = deriveSeed(config.seed, 'second training');
  let errors: Uint32Array | undefined;
  let batches: Batches | undefined;
  const take = (found: Uint32Array) => {
    errors = found;
    batches = makeBatches(upsample(train, found, twice.weight), batch_size, seed);
  };
  const kept = readErrors(network.saved, train);
  if (kept !== undefined) take(kept);

  return {
    from: twice.steps,
    async begin() {
      const found = await findErrors(config, network);
      take(found);
      const state = clearSlots(trainer.state(), optimizer);
      trainer.restore({ ...state, parameters: { ...state.parameters, ...beginning } });
      run.metrics.append({ kind: 'twice', step: twice.steps, errors: found.length, examples: train.length });
      const said = `the first training is wrong about ${found.length} of ${train.length} training examples`;
      if (found.length > 0) run.log(`${said}, which count ${twice.weight} times in the second`);
      else run.warn(`${said}: the second is a usual one; fewer steps in training.twice.steps leave errors`);
    },
    batches(step) {
      if (batches === undefined) throw new Error('the second training has not begun');
      return batches(step - twice.steps);
    },
    saved: () => (errors === undefined ? {} : { errors: packErrors(train, errors) }),
  };
}

/** The training examples about which the current weights are wrong, in the order of the set. */
async function findErrors(config: ExperimentConfig, network: Network): Promise<Uint32Array> {
  const { material, model, trainer } = network;
  const { dataset, split } = material;
  const batchSize = config.evaluation.batch_size;
  const predict = createPredictor({ trainer, model, dataset, batchSize });
  const predictions = await predict(split.sets.train);
  return listErrors(material, split.sets.train, predictions);
}

/** Examples of which a target is answered wrongly, by outputs `[examples, outputs]`. */
export function listErrors(
  material: Material,
  examples: Uint32Array,
  predictions: Float32Array,
): Uint32Array {
  const table = tabulate(material, [{ set: 'train', examples, predictions }]);
  const hits = markHits(table);
  const point = listClassTargets(table);
  return table.example.filter((_, row) => point.some((target) => hits.get(target)![row] === 0));
}

/** All examples, and of some of them `weight` − 1 copies. */
export function upsample(examples: Uint32Array, chosen: Uint32Array, weight: number): Uint32Array {
  const all = new Uint32Array(examples.length + (weight - 1) * chosen.length);
  all.set(examples);
  for (let copy = 0; copy < weight - 1; copy++) all.set(chosen, examples.length + copy * chosen.length);
  return all;
}

/** A bit for each example of the training set, in its order, as base64: a checkpoint is to stay small. */
function packErrors(train: Uint32Array, errors: Uint32Array): string {
  const wrong = new Set(errors);
  const bits = new Uint8Array(Math.ceil(train.length / 8));
  for (const [at, example] of train.entries()) if (wrong.has(example)) bits[at >> 3]! |= 1 << (at & 7);
  return Buffer.from(bits).toString('base64');
}

function readErrors(saved: Json | undefined, train: Uint32Array): Uint32Array | undefined {
  const text = isJsonObject(saved) ? saved.errors : undefined;
  if (typeof text !== 'string') return undefined;
  const bits = Buffer.from(text, 'base64');
  return train.filter((_, at) => ((bits[at >> 3]! >> (at & 7)) & 1) === 1);
}

function refuseSteps(first: number, steps: number): HeldoutError {
  return new HeldoutError({
    code: 'E_TWICE_STEPS',
    message: `a first training of ${first} updates leaves none of ${steps} for the second`,
    place: 'training.twice.steps',
    hints: ['more epochs: training.epochs=10', `training.twice.steps=${Math.max(1, Math.floor(steps / 2))}`],
  });
}
