import type { NamedArray, NamedArrays } from '../../engine.js';
import type { Programs } from '../program.js';
import type { Part, Signature } from '../recording.js';

/** The rows of one stacked function. */
export interface Block {
  /** Copies a row's next inputs to where they are run from. */
  place(row: number, inputs: NamedArrays): NamedArrays;
  /** All rows' inputs, with what they share as the example has it; the state is about to change. */
  feeds(example: NamedArrays): NamedArrays;
  /** A row's share of the outputs: a view. */
  share(outputs: NamedArrays, row: number): NamedArrays;
  assignAll(states: readonly NamedArrays[]): void;
  assign(row: number, state: NamedArrays): void;
  /** A copy of a row's state, or of some of it. */
  fetch(row: number, names?: readonly string[]): NamedArrays;
}

export function createBlock(
  { state, inputs }: Part,
  program: Programs['parts'][number],
  {
    size,
    used,
    shared,
  }: {
    /** Number of rows. */
    readonly size: number;
    /** Inputs that the function uses, and those that enter once. */
    readonly used: ReadonlySet<string>;
    readonly shared: readonly string[];
  },
): Block {
  const names = Object.keys(state);
  const own = Object.entries(inputs).filter(([name]) => used.has(name) && !shared.includes(name));
  const joined = emptyArrays(own);
  const shares = Array.from({ length: size }, (_, row) => rowsOf(joined, row, size));
  /** What of the state has been fetched since it changed last: its rows are asked for one by one. */
  let fetched: NamedArrays = {};

  function fetchAll(chosen: readonly string[]): NamedArrays {
    const missing = chosen.filter((name) => fetched[name] === undefined);
    fetched = { ...fetched, ...program.fetch(missing) };
    return fetched;
  }

  function assign(states: ReadonlyMap<number, NamedArrays>, whole: NamedArrays): void {
    for (const [row, one] of states) {
      for (const name of names) rowOf(whole[name]!, row, size).data.set(one[name]!.data);
    }
    fetched = {};
    program.assign(whole);
  }

  return {
    place(row, arrays) {
      const placed: Record<string, NamedArray> = {};
      for (const name in arrays) {
        const [share, given] = [shares[row]![name], arrays[name]!];
        if (share !== undefined && share.data !== given.data) share.data.set(given.data);
        placed[name] = share ?? given;
      }
      return placed;
    },
    feeds(example) {
      fetched = {};
      const feeds: Record<string, NamedArray> = { ...joined };
      for (const name of shared) feeds[name] = example[name]!;
      return feeds;
    },
    share: (outputs, row) => rowsOf(outputs, row, size),
    assignAll: (states) => assign(new Map(states.entries()), emptyArrays(Object.entries(state))),
    assign: (row, one) => assign(new Map([[row, one]]), fetchAll(names)),
    fetch(row, chosen = names) {
      const whole = fetchAll(chosen);
      return Object.fromEntries(chosen.map((name) => [name, copy(rowOf(whole[name]!, row, size))]));
    },
  };
}

function emptyArrays(signatures: readonly (readonly [string, Signature])[]): NamedArrays {
  return Object.fromEntries(
    signatures.map(([name, { dtype, shape }]) => [name, { shape, data: arrayOf(dtype, shape) }]),
  );
}

function arrayOf(dtype: string, shape: readonly number[]): Float32Array | Int32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  return dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
}

/** A view. */
function rowOf({ shape, data }: NamedArray, row: number, size: number): NamedArray {
  const length = data.length / size;
  return { shape: shape.slice(1), data: data.subarray(row * length, (row + 1) * length) };
}

function rowsOf(arrays: NamedArrays, row: number, size: number): NamedArrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, rowOf(array, row, size)]));
}

function copy({ shape, data }: NamedArray): NamedArray {
  return { shape, data: data.slice() };
}
