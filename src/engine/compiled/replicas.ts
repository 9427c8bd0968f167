import type { NamedArrays, ReplicaGroup, SharedTrainer, TrainerOptions } from '../engine.js';
import { type CompileSettings, createChoosingTrainer } from './choose.js';
import { loadPrograms, type Programs } from './program.js';
import {
  checkBatch,
  recordStep,
  type Shapes,
  type StepRecording,
  shapesOf,
  stepInputs,
} from './step-program.js';
import { createTrainerCore, type TrainerCore } from './trainer.js';

/** Trains so many replicas in one graph: their steps wait for each other and run side by side. */
export function createReplicaGroup(size: number, settings: CompileSettings): ReplicaGroup {
  const turns = createTurns(size);
  let made = 0;
  return {
    createTrainer(options) {
      made++;
      if (made > size) throw new Error(`this group has ${size} replicas`);
      const replica = createReplica(options, turns, settings.xla === 'on');
      return createChoosingTrainer(options, settings, replica, () => turns.leave());
    },
    leave: () => turns.leave(),
  };
}

/** One member: like a compiled trainer, but its steps are the group's. */
function createReplica(options: TrainerOptions, turns: Turns, xla: boolean): SharedTrainer {
  const core = createTrainerCore(options, xla);
  let member: Member | undefined;
  let shapes: Shapes = {};

  function join(batch: NamedArrays, inputs: Parameters<SharedTrainer['step']>[1]): Member {
    const now = { state: core.fetch(), updates: core.updates(), batch, inputs, xla };
    shapes = shapesOf(batch);
    return { ...recordStep(options, now), core };
  }

  return {
    ...core.trainer,
    prepare(batch, inputs) {
      member ??= join(batch, inputs);
      return { compiled: true, xla };
    },
    async step(batch, inputs) {
      member ??= join(batch, inputs);
      checkBatch(shapes, batch);
      const { loss } = await turns.take(member, stepInputs(options, copyArrays(batch), inputs, core.count()));
      return loss!.data[0]!;
    },
  };
}

interface Member extends StepRecording {
  readonly core: TrainerCore;
}

interface Turn {
  readonly inputs: NamedArrays;
  resolve(outputs: NamedArrays): void;
  reject(error: unknown): void;
}

interface Turns {
  /** One step, when all others that have not left are there, too. */
  take(member: Member, inputs: NamedArrays): Promise<NamedArrays>;
  leave(): void;
}

/** Brings the steps of the members together. */
function createTurns(size: number): Turns {
  const waiting = new Map<Member, Turn>();
  const members: Member[] = [];
  let programs: Programs | undefined;
  let living = size;

  function runWhenComplete(): void {
    if (waiting.size === 0 || waiting.size < living) return;
    const turns = [...waiting];
    waiting.clear();
    try {
      programs ??= load(
        turns.map(([member]) => member),
        members,
      );
      const results = programs.run(
        new Map(turns.map(([member, { inputs }]) => [members.indexOf(member), inputs])),
      );
      for (const [member, turn] of turns) turn.resolve(results.get(members.indexOf(member))!);
    } catch (error) {
      for (const [, turn] of turns) turn.reject(error);
    }
  }

  return {
    take(member, inputs) {
      return new Promise((resolve, reject) => {
        waiting.set(member, { inputs, resolve, reject });
        runWhenComplete();
      });
    },
    leave() {
      living--;
      if (living === 0) {
        programs?.dispose();
        programs = undefined;
      } else runWhenComplete();
    },
  };
}

/** One graph of all that are there for the first step; who came too late for it has left before. */
function load(present: readonly Member[], members: Member[]): Programs {
  members.push(...present);
  const programs = loadPrograms(present.map(({ part }) => part));
  for (const [index, { core }] of present.entries()) {
    const program = programs.parts[index]!;
    program.assign(core.fetch());
    core.use(program);
  }
  return programs;
}

/** Whoever fills a batch may fill it again while the others are awaited. */
function copyArrays(arrays: NamedArrays): NamedArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );
}
