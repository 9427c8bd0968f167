import { identify } from '../../core/hash.js';
import { sizeOf } from '../../core/shape.js';
import type { Dataset, StoredInput } from '../../datasets/dataset.js';
import type { NamedArrays } from '../../engine/engine.js';
import { batchOfRows, type ResidentData, type StoredArray } from '../../engine/resident.js';
import type { Split } from '../../splits/split.js';
import { fillTargets } from '../../variables/targets.js';
import type { Material } from '../prepare.js';
import { createFeed, normalise } from './feed.js';

/**
 * The training set as it may stay on a device: one row per example, in the order of the set. Undefined where an
 * input has no stored form, or where drawing all of it takes longer than drawing the batches.
 * @param draws How many examples training draws.
 */
export function describeResident({ dataset, split }: Material, draws: number): ResidentData | undefined {
  const { train } = split.sets;
  const arrays: Record<string, StoredArray> = { target: describeTargets(dataset, train) };
  for (const [name, shape] of Object.entries(dataset.inputs)) {
    const stored = dataset.stored?.(name);
    if (stored === undefined || (!stored.inMemory && draws < train.length)) return undefined;
    const values = stored.values.slice();
    normalise(values, dataset.normalise);
    arrays[name] = describeInput(shape, { ...stored, values }, train);
  }
  const { fingerprint, inputs, targets, normalise: how = null } = dataset;
  return {
    key: identify({ fingerprint, split: split.hash, inputs, targets, how }),
    examples: train.length,
    arrays,
  };
}

function describeInput(
  shape: readonly number[],
  { values, read }: StoredInput,
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

/** What a step takes of the training set: a batch, or the rows of its examples. */
export type Enter = (examples: Uint32Array) => NamedArrays;

export function createEntrance({ dataset, split }: Material, batchSize: number, asRows: boolean): Enter {
  return asRows ? numberRows(dataset, split) : createFeed(dataset, batchSize).fill;
}

function numberRows({ table }: Dataset, { sets }: Split): Enter {
  const rows = new Int32Array(table.size);
  for (const [row, example] of sets.train.entries()) rows[example] = row;
  return (examples) => {
    const chosen = new Int32Array(examples.length);
    for (let at = 0; at < chosen.length; at++) chosen[at] = rows[examples[at]!]!;
    return batchOfRows(chosen);
  };
}
