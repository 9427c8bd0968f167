import type { ExperimentConfig } from '../../../config/schema/root.js';
import { identify } from '../../../core/hash.js';
import { sizeOf } from '../../../core/numbers/shape.js';
import type { Dataset, StoredBytes } from '../../../datasets/dataset.js';
import type { NamedArrays } from '../../../engine/engine.js';
import { batchOfRows, type ResidentData, type StoredArray } from '../../../engine/resident.js';
import type { Model } from '../../../models/model.js';
import { featureWidth } from '../../../models/read-out.js';
import { drawsOf } from '../../../objectives/traits.js';
import { drawBalanced } from '../../../random/balanced-batches.js';
import { type Batches, makeBatches } from '../../../random/batches.js';
import { drawFromEnvironments, takeEnvironments } from '../../../random/environment-batches.js';
import { stream } from '../../../random/stream.js';
import { fillTargets, layOutHeads } from '../../../variables/targets.js';
import type { Material } from '../../prepare.js';
import { balancedGroups, refuseBeside } from '../groups/balanced-groups.js';
import { describeColumns, protectedVariable } from '../groups/columns.js';
import { createAugmentedFeed } from './augmented-feed.js';
import { batchRows, trainingEnvironments } from './environments.js';
import { createFeed, normalise, pick } from './feed.js';

type Config = Pick<ExperimentConfig, 'training' | 'objective' | 'seed'>;

/**
 * The training set as it may stay on a device: one row per example, in the order of the set, or of the batches where each
 * is the whole set; bytes are then numbers, so that no step need look them up. Undefined where an input has no stored
 * form, where drawing all of it takes longer than drawing the batches, and where every batch is augmented anew.
 */
export function describeResident(material: Material, config: Config): ResidentData | undefined {
  const { dataset, split } = material;
  const { steps, augment } = config.training;
  if (augment !== undefined) return undefined;
  const draws = steps * batchRows(material, config);
  const train = residentExamples(material, config);
  const whole = config.training.environments === 'all';
  const arrays: Record<string, StoredArray> = { target: describeTargets(dataset, train) };
  for (const [name, shape] of Object.entries(dataset.inputs)) {
    const stored = dataset.stored?.(name);
    if (stored === undefined || (!stored.inMemory && draws < train.length)) return undefined;
    arrays[name] =
      'values' in stored && !whole && !isOfChannels(dataset, stored)
        ? describeBytes(shape, normaliseBytes(name, stored, dataset), train)
        : describeNumbers(name, dataset, train);
  }
  const { columns, recipe } = describeColumns(material, config);
  for (const [name, values] of Object.entries(columns)) arrays[name] = describeColumn(values, train);
  const { fingerprint, inputs, targets, normalise: how = null } = dataset;
  return {
    key: identify({ fingerprint, split: split.hash, inputs, targets, how, recipe, ...(whole && { whole }) }),
    examples: train.length,
    arrays,
    ...(whole && { whole }),
  };
}

/** Its rows: the training set in its order, or in that of batches which are all of it. */
function residentExamples(material: Material, config: Config): Uint32Array {
  if (config.training.environments === 'all') return drawBatches(material, config)(0);
  return material.split.sets.train;
}

/** Whether a byte stands for another number in each channel, while there is one table of them. */
function isOfChannels({ normalise: how }: Dataset, { values }: StoredBytes): boolean {
  const perChannel = [how?.mean, how?.scale].some((one) => typeof one === 'object');
  return perChannel && values.length === 256;
}

/** What stands for an input's bytes in a batch. */
function normaliseBytes(name: string, stored: StoredBytes, { normalise: how }: Dataset): StoredBytes {
  const values = stored.values.slice();
  if (name === 'image') normalise(values, how);
  return { ...stored, values };
}

function describeNumbers(name: string, dataset: Dataset, examples: Uint32Array): StoredArray {
  const shape = dataset.inputs[name]!;
  const width = sizeOf(shape);
  return {
    shape,
    form: 'float32',
    read(start, count) {
      const out = new Float32Array(count * width);
      dataset.fill(name, examples.subarray(start, start + count), out);
      if (name === 'image') normalise(out, dataset.normalise);
      return out;
    },
  };
}

function describeBytes(
  shape: readonly number[],
  { values, read }: StoredBytes,
  examples: Uint32Array,
): StoredArray {
  const width = (sizeOf(shape) * 256) / values.length;
  return {
    shape,
    form: { values },
    read(start, count) {
      const out = new Uint8Array(count * width);
      read(examples.subarray(start, start + count), out);
      return out;
    },
  };
}

function describeTargets({ table, targets }: Dataset, examples: Uint32Array): StoredArray {
  return {
    shape: [targets.length],
    form: 'float32',
    read(start, count) {
      const out = new Float32Array(count * targets.length);
      fillTargets(table, targets, examples.subarray(start, start + count), out);
      return out;
    },
  };
}

function describeColumn(values: Float32Array, examples: Uint32Array): StoredArray {
  return {
    shape: [],
    form: 'float32',
    read(start, count) {
      const out = new Float32Array(count);
      pick(values, examples.subarray(start, start + count), out);
      return out;
    },
  };
}

/**
 * What a step, from 0, takes of the training set, a batch, augmented if at all, or the rows of its examples; and the random
 * numbers of its objective, by the stream (seed, 'objective', step).
 */
export type Enter = (examples: Uint32Array, step: number) => NamedArrays;

/** @param model That is trained: random numbers may be as many as its features. */
export function createEntrance(material: Material, config: Config, asRows: boolean, model?: Model): Enter {
  const enter = enterExamples(material, config, asRows);
  const environments = trainingEnvironments(material, config)?.names.length ?? 1;
  const examples = batchRows(material, config) / environments;
  const width = model === undefined ? 0 : featureWidth(model);
  const classes = countClasses(material.dataset);
  const draws = drawsOf(config.objective, { environments, examples, width, classes });
  if (draws === undefined) return enter;
  return (chosen, step) => ({
    ...enter(chosen, step),
    ...draws(stream(config.seed, 'objective', step)),
  });
}

/** Of the first target. */
function countClasses({ table, targets }: Dataset): number {
  const [head] = layOutHeads(table, targets);
  return head?.kind === 'binary' ? 2 : (head?.width ?? 0);
}

function enterExamples(material: Material, config: Config, asRows: boolean): Enter {
  const { dataset } = material;
  const { augment } = config.training;
  if (asRows) return numberRows(dataset, residentExamples(material, config));
  const { columns } = describeColumns(material, config);
  const rows = batchRows(material, config);
  if (augment !== undefined) return createAugmentedFeed(dataset, rows, augment, config.seed, columns);
  return createFeed(dataset, rows, columns).fill;
}

/** The examples of every step: as many of each environment, or of each group by its share or alike, if that is asked for. */
export function drawBatches(material: Material, config: Config): Batches {
  const { dataset, split } = material;
  const { training, seed } = config;
  const { batch_size, augment, stratify, balance } = training;
  const { train } = split.sets;
  const environments = trainingEnvironments(material, config);
  if (balance !== undefined) {
    refuseBeside(training);
    return drawBalanced(balancedGroups(material, balance), batch_size, seed);
  }
  if (environments !== undefined) {
    if (training.environments === 'all') return takeEnvironments(environments.examples);
    return drawFromEnvironments(environments.examples, batch_size, seed);
  }
  const column =
    stratify === true
      ? dataset.table.column(protectedVariable(dataset, 'training.stratify').name)
      : undefined;
  const strata = column && train.map((example) => column[example]!);
  return makeBatches(train, batch_size, seed, { repeats: augment?.repeats, strata });
}

function numberRows({ table }: Dataset, resident: Uint32Array): Enter {
  const rows = new Int32Array(table.size);
  for (const [row, example] of resident.entries()) rows[example] = row;
  return (examples) => {
    const chosen = new Int32Array(examples.length);
    for (let at = 0; at < chosen.length; at++) chosen[at] = rows[examples[at]!]!;
    return batchOfRows(chosen);
  };
}
