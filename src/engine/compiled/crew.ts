import { HeldoutError } from '../../core/errors.js';
import { firstLine } from '../../core/text.js';
import type { NamedArrays } from '../engine.js';
import { loadPrograms, type Program, type Programs } from './program.js';
import type { Part } from './recording.js';
import { UnstackableError } from './stacked/builder.js';
import { loadStacked, type StackedPrograms } from './stacked/rows.js';
import { isWorthStacking } from './stacked/worth.js';
import type { TrainerCore } from './trainer.js';

/** One replica, as far as its steps are concerned. */
export interface Member {
  readonly part: Part;
  readonly core: TrainerCore;
  readonly warn: ((message: string) => void) | undefined;
  /** Nobody will ask for its state any more. */
  disposed: boolean;
}

/** How replicas are put together; `auto` stacks them where that is possible and should be faster. */
export type Togetherness = 'auto' | 'stacked' | 'side by side';

/** Replicas whose steps run together. */
export interface Crew {
  /** Copies what a member's next step works on. */
  place(member: Member, inputs: NamedArrays): NamedArrays;
  /** One step of each of these members; the others stay as they are. */
  run(turns: ReadonlyMap<Member, NamedArrays>): Map<Member, NamedArrays>;
  dispose(): void;
}

interface Loaded {
  readonly members: readonly Member[];
  readonly programs: Programs;
  readonly stacked: StackedPrograms | undefined;
}

/**
 * Loads who is there as one stacked program, or as sub-graphs of one graph where that cannot be. A stacked program
 * is made anew when members leave it, or when numbers that were the same for all begin to differ.
 */
export function createCrew(way: Togetherness): Crew {
  let loaded: Loaded | undefined;
  let stackable = way !== 'side by side';

  function run(turns: ReadonlyMap<Member, NamedArrays>): Map<Member, NamedArrays> {
    if (loaded !== undefined && serves(loaded, turns)) return runLoaded(loaded, turns);
    const states = new Map([...turns.keys()].map((member) => [member, member.core.fetch()]));
    if (loaded !== undefined) dismiss(loaded, turns);
    const [first] = turns.keys();
    if (way === 'auto' && !isWorthStacking(first!.part.recording)) stackable = false;
    if (stackable && turns.size > 1) {
      try {
        return start(turns, states, loadTogether(turns));
      } catch (error) {
        const reason = explain(error);
        if (reason === undefined || way === 'stacked') throw error;
        loaded?.programs.dispose();
        stackable = false;
        first!.warn?.(`the replicas run side by side, which is slower than stacked: ${reason}`);
      }
    }
    const parts = [...turns.keys()].map(({ part }) => part);
    return start(turns, states, { programs: loadPrograms(parts), stacked: undefined });
  }

  /** Takes what has been loaded into use. */
  function start(
    turns: ReadonlyMap<Member, NamedArrays>,
    states: ReadonlyMap<Member, NamedArrays>,
    { programs, stacked }: Omit<Loaded, 'members'>,
  ): Map<Member, NamedArrays> {
    loaded = { members: [...turns.keys()], programs, stacked };
    stacked?.assignAll([...states.values()]);
    for (const [index, member] of loaded.members.entries()) {
      const part = programs.parts[index]!;
      if (stacked === undefined) part.assign(states.get(member)!);
      member.core.use(part);
    }
    return runLoaded(loaded, turns);
  }

  return {
    run,
    place(member, inputs) {
      const row = loaded?.members.indexOf(member) ?? -1;
      return row === -1 || loaded?.stacked === undefined
        ? copyArrays(inputs)
        : loaded.stacked.place(row, inputs);
    },
    dispose() {
      if (loaded !== undefined) dismiss(loaded, new Map());
      loaded = undefined;
    },
  };
}

function loadTogether(turns: ReadonlyMap<Member, NamedArrays>): Omit<Loaded, 'members'> {
  const parts = [...turns.keys()].map(({ part }) => part);
  const stacked = loadStacked(parts, [...turns.values()]);
  return { programs: stacked, stacked };
}

/** Sub-graphs run in any number, rows only all together. */
function serves({ members, stacked }: Loaded, turns: ReadonlyMap<Member, NamedArrays>): boolean {
  if (stacked === undefined) return true;
  return (
    members.length === turns.size &&
    members.every((member) => turns.has(member)) &&
    stacked.agrees([...turns.values()])
  );
}

function runLoaded(
  { members, programs }: Loaded,
  turns: ReadonlyMap<Member, NamedArrays>,
): Map<Member, NamedArrays> {
  const entries = [...turns].map(([member, inputs]) => [members.indexOf(member), inputs] as const);
  const results = programs.run(new Map(entries));
  return new Map([...results].map(([index, outputs]) => [members[index]!, outputs]));
}

/** Gives up a program; members that are not there keep their state in memory. */
function dismiss({ members, programs }: Loaded, turns: ReadonlyMap<Member, NamedArrays>): void {
  for (const { core, disposed } of members.filter((member) => !turns.has(member))) {
    if (!disposed) core.use(hold(core.fetch()));
  }
  programs.dispose();
}

function hold(state: NamedArrays): Pick<Program, 'assign' | 'fetch'> {
  let held = state;
  return {
    assign(next) {
      held = next;
    },
    fetch: (names = Object.keys(held)) => Object.fromEntries(names.map((name) => [name, held[name]!])),
  };
}

/** Why replicas cannot be stacked; undefined for errors that have nothing to do with it. */
function explain(error: unknown): string | undefined {
  if (error instanceof UnstackableError) return `there is no rule for ${error.message}`;
  if (error instanceof HeldoutError) return error.code === 'E_ENGINE_RUN' ? error.message : undefined;
  const isRefused = error instanceof Error && error.message.startsWith('Failed to load SavedModel');
  return isRefused ? `TensorFlow refuses the graph: ${firstLine(error)}` : undefined;
}

/** Whoever fills a batch may fill it again while the others are awaited. */
function copyArrays(arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );
}
