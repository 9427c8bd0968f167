import { sizeOf } from '../../../core/numbers/shape.js';
import type { NamedArray, NamedArrays } from '../../../engine/engine.js';

/** The tables with a row for each processor, and what an optimiser keeps of them; all other weights are shared. */
const ownRows = /^design\/processors\/(codes|signatures)(\/|$)/;
/** Modules that read for one processor each go with it; those with processors that start from a seeder are others. */
const readerRows = /^design\/inputs\/codes(\/|$)/;
const seeder = /^circuit\/seeder\//;

/** Number of processors whose parameters these are. */
export function countProcessors(parameters: NamedArrays): number {
  return parameters['design/processors/codes']?.shape[0] ?? 0;
}

/** A circuit of some of its processors, by their rows; every other weight stays as it is. */
export function keepProcessors(arrays: NamedArrays, kept: Uint32Array): NamedArrays {
  const isSeeded = Object.keys(arrays).some((name) => seeder.test(name));
  const goes = (name: string) => ownRows.test(name) || (!isSeeded && readerRows.test(name));
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, goes(name) ? takeRows(array, kept) : array]),
  );
}

function takeRows({ shape: [rows = 0, ...rest], data }: NamedArray, kept: Uint32Array): NamedArray {
  const width = sizeOf(rest);
  const taken =
    data instanceof Float32Array
      ? new Float32Array(kept.length * width)
      : new Int32Array(kept.length * width);
  for (const [at, row] of kept.entries()) {
    if (row >= rows) throw new RangeError(`there is no row ${row} of ${rows}`);
    taken.set(data.subarray(row * width, (row + 1) * width), at * width);
  }
  return { shape: [kept.length, ...rest], data: taken };
}
