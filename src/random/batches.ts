import { shuffle } from './draw.js';
import { orderByStrata } from './stratified.js';
import { stream } from './stream.js';

/** The examples of a training step, a pure function of the step number (0, 1, ...). */
export type Batches = (step: number) => Uint32Array;

export interface BatchOptions {
  /** How often each of its examples stands in a batch, one after the other; divides the batch. Default 1. */
  readonly repeats?: number | undefined;
  /** Of every example, from 0 on: batches have each stratum by its share among all. Default: as chance has it. */
  readonly strata?: ArrayLike<number> | undefined;
}

/**
 * Epochs of newly shuffled examples, laid end to end and cut into batches: every batch is full, also
 * across the end of an epoch and when the set is smaller than a batch. The order of an epoch comes from
 * the stream (seed, 'batches', epoch), so that a resumed run needs only its step number.
 */
export function makeBatches(
  examples: Uint32Array,
  batchSize: number,
  seed: number,
  { repeats = 1, strata }: BatchOptions = {},
): Batches {
  if (repeats > 1) {
    if (batchSize % repeats !== 0) throw new RangeError(`${repeats} does not divide a batch of ${batchSize}`);
    const once = makeBatches(examples, batchSize / repeats, seed, { strata });
    return (step) => {
      const drawn = once(step);
      return Uint32Array.from({ length: batchSize }, (_, at) => drawn[Math.floor(at / repeats)]!);
    };
  }
  if (examples.length === 0) throw new RangeError('no examples to make batches of');
  if (!(Number.isInteger(batchSize) && batchSize >= 1)) {
    throw new RangeError(`a batch has at least one example, not ${batchSize}`);
  }
  const draw = strata === undefined ? orderAtRandom(examples, seed) : orderByStrata(examples, strata, seed);
  let shuffled: Uint32Array = new Uint32Array(0);
  let shuffledEpoch = -1;
  const openEpoch = (epoch: number): Uint32Array => {
    if (epoch !== shuffledEpoch) {
      shuffled = draw(epoch);
      shuffledEpoch = epoch;
    }
    return shuffled;
  };
  return (step) => {
    const batch = new Uint32Array(batchSize);
    for (let filled = 0; filled < batchSize; ) {
      const position = step * batchSize + filled;
      const start = position % examples.length;
      const order = openEpoch(Math.floor(position / examples.length));
      const piece = order.subarray(start, start + batchSize - filled);
      batch.set(piece, filled);
      filled += piece.length;
    }
    return batch;
  };
}

function orderAtRandom(examples: Uint32Array, seed: number): (epoch: number) => Uint32Array {
  const order = new Uint32Array(examples.length);
  return (epoch) => {
    order.set(examples);
    return shuffle(stream(seed, 'batches', epoch), order);
  };
}
