import type { NamedArray, NamedArrays } from '../../engine.js';
import { loadProgram, type Programs } from '../program.js';
import type { Part, Recording, Signature, Source } from '../recording.js';
import { stackParts } from './stack.js';

/** Replicas as the rows of one stacked program. */
export interface StackedPrograms extends Programs {
  /** Copies a row's next inputs to where they are run from. */
  place(row: number, inputs: NamedArrays): NamedArrays;
  assignAll(states: readonly NamedArrays[]): void;
  /** Whether the rows agree in what the program takes to be the same for all. */
  agrees(inputs: readonly NamedArrays[]): boolean;
}

/**
 * Stacks and loads replicas. Throws UnstackableError, and what loading a program throws.
 * @param example The inputs of every replica's next step: numbers that are the same for all enter once.
 */
export function loadStacked(parts: readonly Part[], example: readonly NamedArrays[]): StackedPrograms {
  const size = parts.length;
  const shared = sharedNumbers(parts[0]!, example);
  const stacked = stackParts(parts, new Set(shared));
  const program = loadProgram(stacked);
  const used = usedInputs(parts[0]!.recording);
  const places = Object.entries(stacked.inputs).filter(([name]) => used.has(name) && !shared.includes(name));
  const joined = emptyArrays(places);
  /** What of the state has been fetched since it changed last. */
  let fetched: Record<string, NamedArray> = {};

  /** By row: its share of what is joined. */
  const shares = parts.map((_, row) => rowsOf(joined, row, size));

  function place(row: number, inputs: NamedArrays): NamedArrays {
    const placed: Record<string, NamedArray> = {};
    for (const name in inputs) {
      const [share, given] = [shares[row]![name], inputs[name]!];
      if (share !== undefined && share.data !== given.data) share.data.set(given.data);
      placed[name] = share ?? given;
    }
    return placed;
  }

  function fetch(names: readonly string[]): NamedArrays {
    const missing = names.filter((name) => fetched[name] === undefined);
    fetched = { ...fetched, ...program.fetch(missing) };
    return fetched;
  }

  const names = Object.keys(stacked.state);

  function assign(states: ReadonlyMap<number, NamedArrays>, whole: NamedArrays): void {
    for (const [row, state] of states) {
      for (const name of names) rowOf(whole[name]!, row, size).data.set(state[name]!.data);
    }
    fetched = {};
    program.assign(whole);
  }

  return {
    place,
    agrees: (inputs) => shared.every((name) => inputs.every((one) => sameNumber(one, inputs[0]!, name))),
    run(inputs) {
      for (const [row, arrays] of inputs) place(row, arrays);
      fetched = {};
      const feeds: Record<string, NamedArray> = { ...joined };
      for (const name of shared) feeds[name] = inputs.get(0)![name]!;
      const outputs = program.run(feeds);
      return new Map([...inputs.keys()].map((row) => [row, rowsOf(outputs, row, size)]));
    },
    assignAll: (states) => assign(new Map(states.entries()), emptyArrays(Object.entries(stacked.state))),
    parts: parts.map((_, row) => ({
      run: refuseAlone,
      runMany: refuseAlone,
      assign: (state) => assign(new Map([[row, state]]), fetch(names)),
      fetch: (chosen = names) => {
        const whole = fetch(chosen);
        return Object.fromEntries(chosen.map((name) => [name, copy(rowOf(whole[name]!, row, size))]));
      },
    })),
    dispose: program.dispose,
  };
}

function refuseAlone(): never {
  throw new Error('the rows of a stacked program run together');
}

/** What enters once: the numbers that the function uses and that are the same for all. */
function sharedNumbers({ recording }: Part, example: readonly NamedArrays[]): string[] {
  return [...usedInputs(recording)].filter(
    (name) => name.startsWith('number/') && example.every((one) => sameNumber(one, example[0]!, name)),
  );
}

function usedInputs({ ops, updates, state, outputs }: Recording): ReadonlySet<string> {
  const sources: Source[] = [
    ...ops.flatMap(({ inputs }) => inputs),
    ...updates.flatMap(({ start, inputs }) => (start === undefined ? inputs : [start, ...inputs])),
    ...Object.values(state),
    ...Object.values(outputs),
  ];
  return new Set(sources.flatMap((source) => (source.kind === 'input' ? [source.name] : [])));
}

function sameNumber(one: NamedArrays, other: NamedArrays, name: string): boolean {
  return Object.is(one[name]!.data[0], other[name]!.data[0]);
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
