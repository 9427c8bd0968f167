import { sizeOf } from '../../../core/numbers/shape.js';
import type { Dataset, Normalisation } from '../../../datasets/dataset.js';
import type { NamedArrays } from '../../../engine/engine.js';
import { fillTargets } from '../../../variables/targets.js';
import type { Columns } from '../groups/columns.js';

/** Fills batches of one fixed size on demand, so that a dataset never lies in memory as a whole. */
export interface Feed {
  /**
   * Inputs, `target` `[batch, targets]` and the columns `[batch]` of the examples. The arrays are written over by the
   * next call.
   */
  fill(examples: Uint32Array): NamedArrays;
}

/** @param columns What batches have beside inputs and targets. */
export function createFeed(dataset: Dataset, batchSize: number, columns: Columns = {}): Feed {
  const inputs = Object.entries(dataset.inputs).map(([name, shape]) => {
    const full = [batchSize, ...shape];
    return { name, shape: full, data: allocate(full) };
  });
  const target = {
    shape: [batchSize, dataset.targets.length],
    data: allocate([batchSize, dataset.targets.length]),
  };
  const beside = Object.entries(columns).map(([name, values]) => {
    return { name, values, shape: [batchSize], data: allocate([batchSize]) };
  });
  const batch: NamedArrays = {
    ...Object.fromEntries([...inputs, ...beside].map(({ name, shape, data }) => [name, { shape, data }])),
    target,
  };
  return {
    fill(examples) {
      if (examples.length !== batchSize) {
        throw new RangeError(`a batch here has ${batchSize} examples, not ${examples.length}`);
      }
      for (const { name, data } of inputs) {
        dataset.fill(name, examples, data);
        if (name === 'image') normalise(data, dataset.normalise);
      }
      fillTargets(dataset.table, dataset.targets, examples, target.data);
      for (const { values, data } of beside) pick(values, examples, data);
      return batch;
    },
  };
}

/** Writes the values of the given examples to `out`. */
export function pick(values: Float32Array, examples: ArrayLike<number>, out: Float32Array): void {
  for (let at = 0; at < examples.length; at++) out[at] = values[examples[at]!]!;
}

/** Whole images, in place; nothing where nothing is said. */
export function normalise(numbers: Float32Array, how: Normalisation | undefined): void {
  if (how === undefined) return;
  const { mean, scale } = how;
  if (typeof mean === 'number' && typeof scale === 'number') {
    for (let at = 0; at < numbers.length; at++) numbers[at] = (numbers[at]! - mean) / scale;
    return;
  }
  const [means, scales] = [mean, scale].map((one) => ofChannels(one)) as [
    readonly number[],
    readonly number[],
  ];
  const count = Math.max(means.length, scales.length);
  for (let at = 0; at < numbers.length; at++) {
    const channel = at % count;
    numbers[at] = (numbers[at]! - means[channel % means.length]!) / scales[channel % scales.length]!;
  }
}

/** Of one that is for all channels, a list of one. */
export function ofChannels(one: number | readonly number[]): readonly number[] {
  return typeof one === 'number' ? [one] : one;
}

function allocate(shape: readonly number[]): Float32Array {
  return new Float32Array(sizeOf(shape));
}
