import { sizeOf } from '../../core/numbers/shape.js';
import type { Apply, NamedArray, NamedArrays } from '../engine.js';
import { loadPrograms, type Programs } from './graph/program.js';
import { recordPart } from './recording/record-part.js';
import type { Part } from './recording/recording.js';
import { isWorthStacking } from './replicas/stacked/worth.js';
import { threadsSideBySide } from './side-by-side.js';
import type { GraphOptions } from './trainer.js';

/** A compiled function of parameters, without gradients. */
export interface Inference {
  /** @param version Of the parameters: they are read only when it has changed. */
  run(version: number, parameters: () => NamedArrays, batch: NamedArrays): NamedArrays;
  dispose(): void;
}

interface Entry {
  readonly programs: Programs;
  version: number;
}

/**
 * One graph per shape of batches, each with its own copy of the parameters. Where threads run ops side by side, a
 * large batch is as many shares.
 */
export function createInference(apply: Apply, how: GraphOptions): Inference {
  const entries = new Map<string, Entry>();

  function load(state: NamedArrays, batch: NamedArrays): Programs {
    const record = (arrays: NamedArrays) =>
      recordPart({
        compute: (current, inputs) => ({ state: {}, outputs: apply(current, inputs) }),
        state,
        batch: arrays,
        numbers: [{}, {}],
        ...how,
      });
    const whole = record(batch);
    const shares = isWorthStacking(whole.recording) ? 1 : countShares(batch);
    if (shares === 1) return loadPrograms([whole]);
    const part = record(shareOf(batch, 0, shares));
    const isByExample = sizesOf(part).every((size, output) => size * shares === sizesOf(whole)[output]);
    return loadPrograms(isByExample ? Array<Part>(shares).fill(part) : [whole]);
  }

  return {
    run(version, parameters, batch) {
      const key = JSON.stringify(Object.entries(batch).map(([name, { shape }]) => [name, shape]));
      let entry = entries.get(key);
      if (entry === undefined || entry.version !== version) {
        const state = parameters();
        entry ??= { programs: load(state, batch), version };
        for (const part of entry.programs.parts) part.assign(state);
        entry.version = version;
        entries.set(key, entry);
      }
      const { parts, run } = entry.programs;
      const results = run(new Map(parts.map((_, index) => [index, shareOf(batch, index, parts.length)])));
      return join([...results.values()]);
    },
    dispose() {
      for (const { programs } of entries.values()) programs.dispose();
      entries.clear();
    },
  };
}

/** Into how many equal shares a batch divides: one for each thread, or one. */
function countShares(batch: NamedArrays): number {
  const threads = threadsSideBySide();
  const [first, ...others] = Object.values(batch).map(({ shape }) => shape[0] ?? 0);
  const divides = first !== undefined && others.every((size) => size === first) && first % threads === 0;
  return divides && first > 0 ? threads : 1;
}

function shareOf(batch: NamedArrays, index: number, count: number): NamedArrays {
  if (count === 1) return batch;
  const share = ({ shape: [rows, ...rest], data }: NamedArray): NamedArray => {
    const own = rows! / count;
    const width = sizeOf(rest);
    return { shape: [own, ...rest], data: data.subarray(index * own * width, (index + 1) * own * width) };
  };
  return Object.fromEntries(Object.entries(batch).map(([name, array]) => [name, share(array)]));
}

/** Numbers in each output. */
function sizesOf({ recording: { ops, outputs } }: Part): number[] {
  return Object.values(outputs).map((source) =>
    source.kind === 'op' ? sizeOf(ops[source.index]!.shapes[source.output]!) : Number.NaN,
  );
}

/** Outputs of shares, one after the other. */
function join(shares: readonly NamedArrays[]): NamedArrays {
  const [first] = shares;
  if (shares.length === 1) return first!;
  const joinAll = (name: string, { shape: [rows, ...rest], data }: NamedArray): NamedArray => {
    const joined =
      data instanceof Int32Array
        ? new Int32Array(data.length * shares.length)
        : new Float32Array(data.length * shares.length);
    for (const [index, share] of shares.entries()) joined.set(share[name]!.data, index * data.length);
    return { shape: [rows! * shares.length, ...rest], data: joined };
  };
  return Object.fromEntries(Object.entries(first!).map(([name, array]) => [name, joinAll(name, array)]));
}
