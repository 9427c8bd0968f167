import type { NamedArrays } from '../../../engine.js';
import { rowsInput } from '../../../resident.js';
import { loadPrograms, type Programs } from '../../graph/program.js';
import type { Part, Source } from '../../recording/recording.js';
import { createBlock } from './block.js';
import { checkAlike, stackPart } from './stack.js';

/** Replicas as rows of stacked programs. */
export interface StackedPrograms extends Pick<Programs, 'parts' | 'hold' | 'dispose'> {
  /** Copies a row's inputs for step number `time` of so many to where they are run from. */
  place(row: number, inputs: NamedArrays, time: number, count: number): NamedArrays;
  /** Makes one step or as many as the parts repeat: placed inputs of all rows, by step; returns outputs alike. */
  run(inputs: readonly (readonly NamedArrays[])[]): NamedArrays[][];
  assignAll(states: readonly NamedArrays[]): void;
  /** Whether the rows agree in what the program takes to be the same for all. */
  agrees(inputs: readonly NamedArrays[]): boolean;
}

/** Fewer rows do not make up for the calls of a block of their own. */
const leastRows = 4;

/**
 * Stacks and loads replicas: in as many blocks as there are threads that run ops side by side, since the ops of
 * one block mostly wait for each other. Throws UnstackableError, and what loading programs throws.
 * @param example The inputs of every replica's next step: numbers that are the same for all enter once.
 */
export function loadStacked(
  parts: readonly Part[],
  example: readonly NamedArrays[],
  threads = Number(process.env.TF_NUM_INTEROP_THREADS ?? 1),
): StackedPrograms {
  checkAlike(parts);
  const shared = sharedNumbers(parts[0]!, example);
  const count = Math.max(1, Math.min(threads, Math.floor(parts.length / leastRows)));
  const starts = Array.from({ length: count + 1 }, (_, block) => Math.round((block * parts.length) / count));
  const sizes = starts.slice(1).map((end, block) => end - starts[block]!);
  const stacked = sizes.map((size) => stackPart(parts[0]!, size, new Set(shared)));
  const programs = loadPrograms(stacked);
  const used = usedInputs(parts[0]!);
  const blocks = sizes.map((size, block) =>
    createBlock(stacked[block]!, programs.parts[block]!, { size, used, shared }),
  );
  /** Where each row is. */
  const rows = sizes.flatMap((size, block) => Array.from({ length: size }, (_, place) => ({ block, place })));
  const find = (row: number) => ({ own: blocks[rows[row]!.block]!, at: rows[row]!.place });

  return {
    place(row, inputs, time, count) {
      const { own, at } = find(row);
      return own.place(at, inputs, time, count);
    },
    agrees: (inputs) => shared.every((name) => inputs.every((one) => sameNumber(one, inputs[0]!, name))),
    run(inputs) {
      const count = inputs.length;
      const firsts = inputs.map(([first]) => first!);
      const feeds = new Map(blocks.map((own, block) => [block, own.feeds(firsts)]));
      const results = count === 1 ? programs.run(feeds) : programs.runMany(feeds);
      return inputs.map((_, time) =>
        rows.map(({ block, place: at }) => blocks[block]!.share(results.get(block)!, at, time, count)),
      );
    },
    hold: programs.hold,
    assignAll(states) {
      for (const [block, own] of blocks.entries())
        own.assignAll(states.slice(starts[block], starts[block + 1]));
    },
    parts: rows.map((_, row) => {
      const { own, at } = find(row);
      return {
        run: refuseAlone,
        runMany: refuseAlone,
        assign: (state) => own.assign(at, state),
        set: (state) => own.set(at, state),
        fetch: (names) => own.fetch(at, names),
      };
    }),
    dispose: programs.dispose,
  };
}

function refuseAlone(): never {
  throw new Error('the rows of a stacked program run together');
}

/** What enters once: the numbers that the function uses and that are the same for all. */
function sharedNumbers(part: Part, example: readonly NamedArrays[]): string[] {
  return [...usedInputs(part)].filter(
    (name) => name.startsWith('number/') && example.every((one) => sameNumber(one, example[0]!, name)),
  );
}

/** What is fed of the inputs that the function uses. */
function usedInputs({ recording, resident }: Part): ReadonlySet<string> {
  const { ops, updates, state, outputs } = recording;
  const sources: Source[] = [
    ...ops.flatMap(({ inputs }) => inputs),
    ...updates.flatMap(({ start, inputs }) => (start === undefined ? inputs : [start, ...inputs])),
    ...Object.values(state),
    ...Object.values(outputs),
  ];
  const names = sources.flatMap((source) => (source.kind === 'input' ? [source.name] : []));
  return new Set(names.map((name) => (resident !== undefined && name in resident.arrays ? rowsInput : name)));
}

function sameNumber(one: NamedArrays, other: NamedArrays, name: string): boolean {
  return Object.is(one[name]!.data[0], other[name]!.data[0]);
}
