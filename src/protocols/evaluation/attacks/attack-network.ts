import type { ExperimentConfig } from '../../../config/schema/root.js';
import { HeldoutError } from '../../../core/errors.js';
import { sizeOf } from '../../../core/numbers/shape.js';
import type { Dataset } from '../../../datasets/dataset.js';
import type { NamedArrays } from '../../../engine/engine.js';
import {
  type Attack,
  type Attacks,
  attackAll,
  examplesAtOnce,
} from '../../../evaluation/attacks/attack-all.js';
import { kindsFor } from '../../../evaluation/attacks/kinds.js';
import { attackRows } from '../../../evaluation/attacks/rows.js';
import { readSizes } from '../../../evaluation/attacks/sizes.js';
import type { RecordRow } from '../../../evaluation/predictions.js';
import { sampleSet } from '../../../splits/sample.js';
import { nameLevels } from '../../../variables/levels.js';
import type { Head } from '../../../variables/targets.js';
import type { JobContext } from '../../context.js';
import type { Material } from '../../prepare.js';
import { predictedApart } from '../../training/batches/environments.js';
import type { Network } from '../../training/start/network.js';
import type { Measured } from '../evaluate.js';
import { findHead } from '../find-head.js';
import { createProgress } from '../progress.js';
import { countExamples, type Samples } from '../samples.js';
import { listTestSets, requireSets } from '../test-sets.js';
import { collectImages, encodeImages, joinImages, requireFooling } from './adversarial-file.js';
import { openAttacked } from './attacked-network.js';

type Attackable = Pick<Network, 'material' | 'model' | 'trainer'>;
type AttacksConfig = NonNullable<ExperimentConfig['evaluation']['attacks']>;

const place = 'evaluation.attacks';

/**
 * Throws HeldoutError where a config asks for attacks and there cannot be any: no images, no classes or several targets
 * that have some, sets that the split does not have, or answers that depend on the batch.
 */
export function requireAttackable(config: ExperimentConfig, material: Material): void {
  const { attacks } = config.evaluation;
  if (attacks === undefined) return;
  requireTarget(config, material, attacks);
  requireSets(material, attacks.sets ?? [], `${place}.sets`);
}

/**
 * Rows of the attacks that the config asks for, on examples that were predicted, and the images where they are to be
 * saved; none where it does not.
 */
export async function attackNetwork(
  { config, run, signal, emit }: JobContext,
  { material, model, trainer }: Attackable,
  samples: Samples,
): Promise<Measured> {
  const { attacks: asked, batch_size: batchSize, seed } = config.evaluation;
  if (asked === undefined) return { rows: [] };
  requireAttackable(config, material);
  const { dataset } = material;
  const head = requireTarget(config, material, asked);
  const shape = dataset.inputs.image!;
  const numbers = sizeOf(shape);
  const sizes = readSizes(asked.sizes, asked.norm, numbers);
  const chosen = chooseSets(material, samples, asked.sets).map(({ set, examples }) => {
    return { set, examples: sampleSet(examples, asked.examples, seed, `attacked ${set}`) };
  });
  const tell = () => signal.throwIfAborted();
  const open = openAttacked({ trainer, model, dataset, head, batchSize, progress: tell });
  const kinds = kindsFor(asked.kinds, open(new Uint32Array()).classes);
  if (kinds.length < asked.kinds.length || kinds.some((kind) => !asked.kinds.includes(kind))) {
    run.warn(
      'with two classes there is no ratio of differences of logits: apgd-ce takes the place of apgd-dlr',
    );
  }
  const progress = createProgress(
    { run: run.id, signal, emit },
    countExamples(chosen) * kinds.length * sizes.length,
  );
  const options = {
    ...asked,
    ...{ kinds, sizes, seed },
    progress(examples: number) {
      progress.pass(examples);
      progress.tell(0);
    },
  };
  const rows: RecordRow[] = [];
  const saved: NamedArrays[] = [];
  for (const { set, examples } of chosen) {
    const block = examplesAtOnce(numbers, batchSize);
    const parts: Attacks[] = [];
    for (let start = 0; start < examples.length; start += block) {
      const own = examples.subarray(start, start + block);
      const images = new Float32Array(own.length * numbers);
      dataset.fill('image', own, images);
      const found = await attackAll(open(own), images, own, options);
      parts.push(found);
      if (asked.save) saved.push(collectImages(set, own, shape, found.attacks));
    }
    const outcome = joinParts(parts);
    const { norm } = asked;
    rows.push(
      ...attackRows(set, norm, outcome.clean, outcome.attacks),
      ...divide(dataset, examples).flatMap(({ of, places }) => {
        const pick = (right: Uint8Array) => Uint8Array.from(places, (at) => right[at]!);
        const own = outcome.attacks.map((attack) => ({ ...attack, right: pick(attack.right) }));
        return attackRows(set, norm, pick(outcome.clean), own, of);
      }),
    );
    for (const { kind, size, refuted } of parts.flatMap(({ attacks }) => attacks)) {
      if (refuted > 0)
        run.warn(
          `${refuted} images of ${kind}, size ${size.label}, fool the network no longer when they are looked at anew: not counted`,
        );
    }
  }
  run.log(`attacked ${head.name}: ${describe(rows)}`);
  if (!asked.save) return { rows };
  const attacks = encodeImages(joinImages(saved), run.id);
  const groups = chosen.flatMap(({ set }) =>
    sizes.flatMap((size) => kinds.map((kind) => ({ set, kind, size }))),
  );
  await requireFooling(attacks, run.paths.attacks, groups, dataset, open);
  return { rows, attacks };
}

type Outcome = {
  readonly clean: Uint8Array;
  readonly attacks: readonly Pick<Attack, 'kind' | 'size' | 'right'>[];
};

/** Of all blocks of a set, one after the other. */
function joinParts(parts: readonly Outcome[]): Outcome {
  const join = (blocks: readonly Uint8Array[]) => Uint8Array.from(blocks.flatMap((block) => [...block]));
  const attacks = (parts[0]?.attacks ?? []).map(({ kind, size }, at) => ({
    ...{ kind, size },
    right: join(parts.map((part) => part.attacks[at]!.right)),
  }));
  return { clean: join(parts.map(({ clean }) => clean)), attacks };
}

/** Places of the examples of every environment; none where there is one alone, of which the whole set tells. */
function divide({ table, environment }: Dataset, examples: Uint32Array) {
  if (environment === undefined) return [];
  const column = table.column(environment);
  const environments = nameLevels(table.variable(environment)).flatMap((group, level) => {
    const places = [...examples.keys()].filter((place) => column[examples[place]!] === level);
    return places.length === 0 ? [] : [{ of: { by: environment, group }, places }];
  });
  return environments.length === 1 ? [] : environments;
}

/** Of the sets that are named, or of all for testing, the examples that were predicted. */
function chooseSets(material: Material, samples: Samples, asked: readonly string[] | undefined): Samples {
  const named = asked ?? listTestSets(material);
  return samples.filter(({ set, examples }) => named.includes(set) && examples.length > 0);
}

/** The target that is attacked. */
function requireTarget({ objective }: ExperimentConfig, material: Material, { target }: AttacksConfig): Head {
  const { dataset } = material;
  const { inputs, name } = dataset;
  if (inputs.image === undefined) {
    throw refuse(
      'E_ATTACK_INPUT',
      `attacks change images, and the dataset ${name} has ${Object.keys(inputs).join(', ')}`,
      [`~${place}`],
    );
  }
  if (predictedApart(dataset, objective) !== undefined) {
    throw refuse(
      'E_ATTACK_BATCH',
      `what a network trained with objective=${objective.name} answers depends on the whole batch`,
      [`~${place}`],
    );
  }
  return findHead(material, target, { section: place, code: 'E_ATTACK_TARGET' });
}

function describe(rows: readonly RecordRow[]): string {
  return rows
    .filter(({ group }) => group.by === undefined)
    .map(({ set, group, value }) => `${set} ${group.attack} ${group.size} ${value.toFixed(3)}`)
    .join(', ');
}

function refuse(code: string, message: string, hints: readonly string[]): HeldoutError {
  return new HeldoutError({ code, message, place, hints });
}
