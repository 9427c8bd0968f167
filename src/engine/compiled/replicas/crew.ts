import { monotonicSeconds } from '../../../core/clock.js';
import { HeldoutError } from '../../../core/errors.js';
import { firstLine } from '../../../core/text.js';
import type { NamedArrays } from '../../engine.js';
import { createCollector } from '../collect.js';
import { loadPrograms, type Programs } from '../graph/program.js';
import type { Part } from '../recording/recording.js';
import type { Holding } from '../resident/holding.js';
import { threadsSideBySide } from '../side-by-side.js';
import type { StateHolder, TrainerCore } from '../trainer.js';
import { createPace } from './crew-pace.js';
import { UnstackableError } from './stacked/builder.js';
import { loadStacked, type StackedPrograms } from './stacked/rows.js';
import { isWorthStacking } from './stacked/worth.js';

/** One replica, as far as its steps are concerned. */
export interface Member {
  readonly part: Part;
  readonly core: TrainerCore;
  /** How many steps it will make, where that is known; else 0. */
  readonly steps: number;
  readonly warn: ((message: string) => void) | undefined;
  /** Nobody will ask for its state any more. */
  disposed: boolean;
}

/** How replicas are put together; `auto` stacks them where that is possible and should be faster. */
export type Togetherness = 'auto' | 'stacked' | 'side by side';

/** By member: the inputs of step number `time` from now. */
export type Turns = ReadonlyMap<Member, (time: number) => NamedArrays>;

/** Replicas whose steps run together. */
export interface Crew {
  /** Copies what a member's next step works on. */
  place(member: Member, inputs: NamedArrays): NamedArrays;
  /**
   * One step of each of these members, or `atOnce` steps; the others stay as they are. The inputs of a step are
   * used before those of the next one are asked for. Returns the losses.
   */
  run(turns: Turns, count: number): Map<Member, readonly number[]>;
  /** How many steps one call may make, if not one. */
  atOnce(): number;
  /** How many steps a member may ask for at once. */
  ahead(): number;
  dispose(): void;
}

/** By member: the inputs of every step. */
type Steps = ReadonlyMap<Member, readonly NamedArrays[]>;
type Losses = Map<Member, readonly number[]>;

interface Loaded {
  readonly members: readonly Member[];
  /** Rows, or parts that run side by side. */
  readonly programs: StackedPrograms | Programs;
  readonly repeat: number;
  /** Sub-graphs that run at once. */
  readonly together: number;
}

const isStacked = (programs: Loaded['programs']): programs is StackedPrograms => 'agrees' in programs;

/**
 * Loads who is there as one stacked program, or as sub-graphs of one graph where that cannot be. A stacked program
 * is made anew when members leave it, or when numbers that were the same for all begin to differ; either is, when
 * its steps turn out to be tiny, to make several in one call.
 */
export function createCrew(way: Togetherness, holding: Holding): Crew {
  const pace = createPace();
  let loaded: Loaded | undefined;
  let stackable = way !== 'side by side';

  function place(member: Member, inputs: NamedArrays, time = 0, count = 1): NamedArrays {
    const row = loaded?.members.indexOf(member) ?? -1;
    return row === -1 || !isStacked(loaded!.programs)
      ? copyArrays(inputs)
      : loaded!.programs.place(row, inputs, time, count);
  }

  /** What is used at once need not be copied. */
  function enter(member: Member, inputs: NamedArrays, time: number, count: number): NamedArrays {
    const atOnce = count === 1 && (loaded === undefined || !isStacked(loaded.programs));
    return atOnce ? inputs : place(member, inputs, time, count);
  }

  function run(turns: Turns, count: number): Losses {
    const steps: Steps = new Map(
      [...turns].map(([member, at]) => [
        member,
        Array.from({ length: count }, (_, time) => enter(member, at(time), time, count)),
      ]),
    );
    if (loaded === undefined || !serves(loaded, steps, pace.repeat())) return reload(steps);
    const start = monotonicSeconds();
    const losses = runLoaded(loaded, steps);
    pace.note([...turns.keys()], (monotonicSeconds() - start) / count);
    return losses;
  }

  function reload(steps: Steps): Losses {
    const members = [...steps.keys()];
    const states = members.map((member) => member.core.fetch());
    if (loaded !== undefined) dismiss(loaded, steps);
    const [first] = members;
    const repeat = pace.repeat();
    const parts = members.map(({ part }) => ({ ...part, repeat }));
    const isLarge = !isWorthStacking(first!.part.recording);
    if (way === 'auto' && isLarge) stackable = false;
    if (stackable && members.length > 1) {
      try {
        const next = [...steps.values()].map(([inputs]) => inputs!);
        const programs = loadStacked(parts, next);
        return start({ members, programs, repeat, together: members.length }, states, steps);
      } catch (error) {
        const reason = explain(error);
        if (reason === undefined || way === 'stacked') throw error;
        loaded?.programs.dispose();
        stackable = false;
        first!.warn?.(`the replicas run side by side, which is slower than stacked: ${reason}`);
      }
    }
    // All at once, TensorFlow would begin all before it ends any: their arrays would drive each other out of the caches.
    const together = isLarge ? threadsSideBySide() : members.length;
    return start({ members, programs: loadPrograms(parts), repeat, together }, states, steps);
  }

  /** Takes what has been loaded into use. */
  function start(next: Loaded, states: readonly NamedArrays[], steps: Steps): Losses {
    loaded = next;
    const { members, programs } = next;
    programs.hold(holding.sources());
    if (isStacked(programs)) programs.assignAll(states);
    for (const [index, { core }] of members.entries()) {
      const part = programs.parts[index]!;
      if (!isStacked(programs)) part.assign(states[index]!);
      core.use(part);
    }
    const placed = [...steps].map(
      ([member, own]) =>
        [member, own.map((inputs, time) => enter(member, inputs, time, own.length))] as const,
    );
    return runLoaded(next, new Map(placed));
  }

  return {
    run,
    place,
    atOnce: pace.repeat,
    ahead: pace.ahead,
    dispose() {
      if (loaded !== undefined) dismiss(loaded, new Map());
      loaded = undefined;
    },
  };
}

/** Sub-graphs run in any number, rows only all together. */
function serves({ members, programs, repeat }: Loaded, steps: Steps, wanted: number): boolean {
  if (repeat !== wanted) return false;
  if (!isStacked(programs)) return true;
  const rows = [...steps.values()];
  return (
    members.length === steps.size &&
    members.every((member) => steps.has(member)) &&
    rows[0]!.every((_, time) => programs.agrees(rows.map((row) => row[time]!)))
  );
}

function runLoaded({ members, programs, together }: Loaded, steps: Steps): Losses {
  if (isStacked(programs)) {
    const [some] = steps.values();
    const outputs = programs.run(some!.map((_, time) => members.map((member) => steps.get(member)![time]!)));
    return new Map(members.map((member, row) => [member, outputs.map((rows) => rows[row]!.loss!.data[0]!)]));
  }
  const inputs = [...steps].map(
    ([member, own]) => [members.indexOf(member), own.length === 1 ? own[0]! : collect(own)] as const,
  );
  const many = inputs.length > 0 && [...steps.values()][0]!.length > 1;
  const run = many ? programs.runMany : programs.run;
  const losses: Losses = new Map();
  for (let first = 0; first < inputs.length; first += together) {
    const results = run(new Map(inputs.slice(first, first + together)));
    for (const [index, { loss }] of results) losses.set(members[index]!, [...loss!.data]);
  }
  return losses;
}

function collect(steps: readonly NamedArrays[]): NamedArrays {
  return createCollector(steps.length)((index) => steps[index]!);
}

/** Gives up a program; members that are not there keep their state in memory. */
function dismiss({ members, programs }: Loaded, steps: Steps): void {
  for (const { core, disposed } of members.filter((member) => !steps.has(member))) {
    if (!disposed) core.use(hold(core.fetch()));
  }
  programs.dispose();
}

function hold(state: NamedArrays): StateHolder {
  let held = state;
  return {
    assign(next) {
      held = next;
    },
    set(some) {
      held = { ...held, ...some };
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
