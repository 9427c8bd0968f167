import type { NamedArray, NamedArrays } from '../../../engine.js';
import type { Programs } from '../../graph/program.js';
import type { Part, Signature } from '../../recording/recording.js';
import { fedInputs } from '../../resident/holding.js';

/** The rows of one stacked function. */
export interface Block {
  /** Copies a row's inputs for step number `time` of so many to where they are run from. */
  place(row: number, inputs: NamedArrays, time: number, count: number): NamedArrays;
  /** All rows' inputs, with what they share as the examples of the steps have it; the state is about to change. */
  feeds(examples: readonly NamedArrays[]): NamedArrays;
  /** A row's share of the outputs of step number `time` of so many: a view. */
  share(outputs: NamedArrays, row: number, time: number, count: number): NamedArrays;
  assignAll(states: readonly NamedArrays[]): void;
  assign(row: number, state: NamedArrays): void;
  /** Sets some of a row's state, of that which no call changes. */
  set(row: number, state: NamedArrays): void;
  /** A copy of a row's state, or of some of it. */
  fetch(row: number, names?: readonly string[]): NamedArrays;
}

export function createBlock(
  part: Part,
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
  const { state } = part;
  const names = Object.keys(state);
  const own = Object.entries(fedInputs(part)).filter(([name]) => used.has(name) && !shared.includes(name));
  const feeders = new Map<number, Feeder>();
  /** What of the state has been fetched since it changed last: its rows are asked for one by one. */
  let fetched: NamedArrays = {};

  function feeder(count: number): Feeder {
    const known = feeders.get(count) ?? createFeeder(own, size, count);
    feeders.set(count, known);
    return known;
  }

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
    place(row, arrays, time, count) {
      const places = feeder(count).shares[time * size + row]!;
      const placed: Record<string, NamedArray> = {};
      for (const name in arrays) {
        const [share, given] = [places[name], arrays[name]!];
        if (share !== undefined && share.data !== given.data) share.data.set(given.data);
        placed[name] = share ?? given;
      }
      return placed;
    },
    feeds(examples) {
      fetched = {};
      const feeds: Record<string, NamedArray> = { ...feeder(examples.length).joined };
      for (const name of shared) feeds[name] = gather(examples, name);
      return feeds;
    },
    share: (outputs, row, time, count) => sharesOf(outputs, time * size + row, size, count),
    assignAll: (states) => assign(new Map(states.entries()), emptyArrays(Object.entries(state), [])),
    assign: (row, one) => assign(new Map([[row, one]]), fetchAll(names)),
    set(row, one) {
      const all = fetchAll(Object.keys(one));
      const whole = Object.fromEntries(Object.keys(one).map((name) => [name, all[name]!]));
      for (const name in one) rowOf(whole[name]!, row, size).data.set(one[name]!.data);
      program.set(whole);
    },
    fetch(row, chosen = names) {
      const whole = fetchAll(chosen);
      return Object.fromEntries(chosen.map((name) => [name, copy(rowOf(whole[name]!, row, size))]));
    },
  };
}

/** Where the inputs of `count` steps lie after each other: with an axis of the steps, where there are several. */
interface Feeder {
  readonly joined: NamedArrays;
  /** By step and row: views. */
  readonly shares: readonly NamedArrays[];
}

function createFeeder(own: readonly (readonly [string, Signature])[], size: number, count: number): Feeder {
  const joined = emptyArrays(own, count === 1 ? [] : [count]);
  const shares = Array.from({ length: count * size }, (_, at) => sharesOf(joined, at, size, count));
  return { joined, shares };
}

/** A number that the rows share: of one step, or `[steps]`. */
function gather(examples: readonly NamedArrays[], name: string): NamedArray {
  if (examples.length === 1) return examples[0]![name]!;
  const numbers = examples.map((one) => one[name]!.data[0]!);
  return { shape: [numbers.length], data: Float32Array.from(numbers) };
}

function emptyArrays(
  signatures: readonly (readonly [string, Signature])[],
  lead: readonly number[],
): NamedArrays {
  return Object.fromEntries(
    signatures.map(([name, { dtype, shape }]) => {
      const whole = [...lead, ...shape];
      return [name, { shape: whole, data: arrayOf(dtype, whole) }];
    }),
  );
}

function arrayOf(dtype: string, shape: readonly number[]): Float32Array | Int32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  return dtype === 'int32' ? new Int32Array(count) : new Float32Array(count);
}

/** A view of row `at` of so many. */
function rowOf({ shape, data }: NamedArray, at: number, size: number): NamedArray {
  const length = data.length / size;
  return { shape: shape.slice(1), data: data.subarray(at * length, (at + 1) * length) };
}

/** Views of the rows with one number, of one step or, in its order, of several. */
function sharesOf(arrays: NamedArrays, at: number, size: number, count: number): NamedArrays {
  const shares: Record<string, NamedArray> = {};
  for (const name in arrays) {
    const { shape, data } = arrays[name]!;
    shares[name] = rowOf({ shape: count === 1 ? shape : shape.slice(1), data }, at, count * size);
  }
  return shares;
}

function copy({ shape, data }: NamedArray): NamedArray {
  return { shape, data: data.slice() };
}
