import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import type { RecordRow } from '../../../evaluation/predictions.js';
import { shiftRows } from '../../../evaluation/shift/rows.js';
import {
  calibrate,
  type Densities,
  estimateDensities,
  measureShift,
} from '../../../evaluation/shift/shift.js';
import { stream } from '../../../random/stream.js';
import { countLevels, hasClasses } from '../../../variables/targets.js';
import type { JobContext } from '../../context.js';
import type { Network } from '../../training/start/network.js';
import { listTestSets, requireSets } from '../test-sets.js';
import { learnSides } from './side-classifier.js';
import { makeSides } from './sides.js';

type Measured = Pick<Network, 'material' | 'model' | 'engine'>;

const place = 'evaluation.shift';

interface ShiftPlan {
  readonly to: readonly string[];
  readonly target: { readonly name: string; readonly at: number; readonly classes: number };
}

/**
 * Follows from the config and the data; undefined where nothing is asked for. Throws HeldoutError where no target has
 * classes, or several have and none is named, where a set is not in the split, where nothing is to be compared, and where
 * the model has no features.
 */
export function planShifts(
  { evaluation: { shift: asked }, model: { name } }: ExperimentConfig,
  { material, model }: Pick<Measured, 'material' | 'model'>,
): ShiftPlan | undefined {
  if (asked === undefined) return undefined;
  const { dataset } = material;
  const { beside = [], table, targets } = dataset;
  const classed = targets.filter((target) => hasClasses(target) && !beside.includes(target.name));
  const found = asked.target === undefined ? classed : classed.filter((one) => one.name === asked.target);
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) {
    const named = asked.target === undefined ? '' : ` '${asked.target}'`;
    const hints = classed.map((one) => `+${place}.target=${one.name}`);
    throw refuse(
      'E_SHIFT_TARGET',
      first === undefined
        ? `the dataset ${dataset.name} has no target${named} with classes`
        : `several targets of the dataset ${dataset.name} have classes`,
      hints.length > 0 ? hints.slice(0, 3) : ['use a dataset of classes'],
    );
  }
  const to = asked.to ?? listTestSets(material).filter((set) => set !== asked.from);
  requireSets(material, [asked.from], `${place}.from`);
  requireSets(material, to, `${place}.to`);
  if (to.length === 0 || to.includes(asked.from)) {
    throw refuse('E_SHIFT_SETS', `there is no set to compare ${asked.from} with`, [`'+${place}.to=[SET]'`]);
  }
  if (model.features === undefined) {
    throw refuse('E_SHIFT_MODEL', `the model ${name} has no features that a classifier of sets could read`, [
      'type model=mlp, model=patch_mlp, model=cnn or model=vit',
    ]);
  }
  const classes = countLevels(table, first.name, material.split.sets[asked.from]!).length;
  return { to, target: { name: first.name, at: targets.indexOf(first), classes } };
}

/**
 * Diversity and correlation shift of every set from another one; nothing where the config asks for nothing. What tells sets
 * apart is learnt anew, by a classifier with the layers of the model: the network that is evaluated plays no part in it.
 */
export async function measureShifts(
  { config, run, signal }: JobContext,
  network: Measured,
): Promise<readonly RecordRow[]> {
  const plan = planShifts(config, network);
  if (plan === undefined) return [];
  const { to, target } = plan;
  const asked = config.evaluation.shift!;
  const { material, engine, model } = network;
  const { dataset, split } = material;
  const column = dataset.table.column(target.name);
  const rows: RecordRow[] = [];
  for (const set of to) {
    const compare = async (mixed: boolean) => {
      const both = [split.sets[asked.from]!, split.sets[set]!] as const;
      const sides = makeSides(both, column, { most: asked.examples, seed: config.seed, mixed });
      const { heldOut } = sides[0];
      if (heldOut.length <= asked.width) throw refuseFew(asked.from, set, heldOut.length, asked.width);
      const learnt = await learnSides({
        ...{ engine, model, dataset, target, sides, signal, seed: config.seed },
        ...{ width: asked.width, epochs: asked.epochs, batchSize: asked.batch_size },
      });
      const [p, q] = sides.map((side, at) => ({
        features: { data: Float64Array.from(learnt.features[at]!), width: asked.width },
        labels: Array.from(side.heldOut, (example) => column[example]!),
      }));
      const source = stream(config.seed, 'shift', 'points');
      const densities: Densities = estimateDensities(p!, q!, source, asked.points);
      return { densities, accuracy: learnt.accuracy, n: sides[0].heldOut.length + sides[1].heldOut.length };
    };
    const thresholds = asked.calibrate
      ? calibrate((await compare(true)).densities)
      : { diversity: asked.diversity_threshold, correlation: asked.correlation_threshold };
    const { densities, accuracy, n } = await compare(false);
    if (densities.skipped.length > 0)
      run.warn(
        `${densities.skipped.length} classes have too few examples to compare ${set} with ${asked.from} by`,
      );
    const found = measureShift(densities, thresholds);
    rows.push(...shiftRows(set, asked.from, { ...found, accuracy }, n));
    run.log(
      `shift from ${asked.from} to ${set}: diversity ${found.diversity}, correlation ${found.correlation}; thresholds ${thresholds.diversity}, ${thresholds.correlation}; sides told by ${accuracy} of ${n} examples`,
    );
  }
  return rows;
}

function refuseFew(from: string, set: string, count: number, width: number): HeldoutError {
  return refuse(
    'E_SHIFT_FEW',
    `${count} held-out examples of classes that ${from} and ${set} have in common are too few for densities in ${width} dimensions`,
    [`+${place}.width=2`, 'compare larger sets'],
  );
}

function refuse(code: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code, message, place, hints });
}
