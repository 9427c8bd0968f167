import { sizeOf } from '../core/numbers/shape.js';
import type { Dataset } from '../datasets/dataset.js';

/** Mean and standard deviation of a number of an input over the training set. */
interface Moments {
  readonly at: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Examples that are looked at together. */
const together = 1024;

/**
 * A dataset whose `fill` standardises what it asks for by its `standardise`: a number x becomes (x − mean) / deviation,
 * both over the values that the training set has (population deviation). What is missing (NaN) becomes the mean, 0, and
 * so does a number that is the same in all of training. The numbers follow from dataset and training set alone; bytes
 * that stand for others stand for them no longer.
 * @param trained Whose training set it is, where a network is asked about another dataset than it was trained on.
 */
export function standardiseOn(dataset: Dataset, train: Uint32Array, trained = dataset): Dataset {
  const { standardise, ...plain } = dataset;
  if (standardise === undefined) return dataset;
  const moments = new Map(
    Object.entries(standardise).map(([input, places]) => [input, measure(trained, input, places, train)]),
  );
  return {
    ...plain,
    fill(input, examples, out) {
      dataset.fill(input, examples, out);
      const width = sizeOf(dataset.inputs[input]!);
      for (const { at, mean, deviation } of moments.get(input) ?? []) {
        for (let place = at; place < examples.length * width; place += width) {
          const value = out[place]!;
          out[place] = Number.isNaN(value) || deviation === 0 ? 0 : (value - mean) / deviation;
        }
      }
    },
    ...(dataset.stored && {
      stored(input) {
        const stored = dataset.stored!(input);
        return stored !== undefined && moments.has(input) ? { inMemory: stored.inMemory } : stored;
      },
    }),
  };
}

/** By Welford's recurrence, which stays exact where the mean is large beside the deviation. */
function measure(
  dataset: Dataset,
  input: string,
  places: readonly number[],
  train: Uint32Array,
): readonly Moments[] {
  const width = sizeOf(dataset.inputs[input]!);
  const numbers = new Float32Array(together * width);
  const sums = places.map((at) => ({ at, count: 0, mean: 0, squares: 0 }));
  for (let start = 0; start < train.length; start += together) {
    const part = train.subarray(start, start + together);
    dataset.fill(input, part, numbers);
    for (const sum of sums) {
      for (let place = sum.at; place < part.length * width; place += width) {
        const value = numbers[place]!;
        if (Number.isNaN(value)) continue;
        sum.count++;
        const change = value - sum.mean;
        sum.mean += change / sum.count;
        sum.squares += change * (value - sum.mean);
      }
    }
  }
  return sums.map(({ at, count, mean, squares }) => ({
    at,
    mean,
    deviation: count === 0 ? 0 : Math.sqrt(squares / count),
  }));
}
