import type { NamedArrays, ReplicaGroup, SharedTrainer, TrainerOptions } from '../engine.js';
import { type CompileSettings, createChoosingTrainer } from './choose.js';
import { type Crew, createCrew, type Member, type Togetherness } from './crew.js';
import { checkBatch, recordStep, type Shapes, shapesOf, stepInputs } from './step-program.js';
import { createTrainerCore } from './trainer.js';

/** Trains so many replicas in one graph: their steps wait for each other and run together. */
export function createReplicaGroup(
  size: number,
  settings: CompileSettings,
  way: Togetherness = 'auto',
): ReplicaGroup {
  const turns = createTurns(size, createCrew(way));
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
    const { part } = recordStep(options, now);
    return { part, core, warn: options.warn, disposed: false };
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
      const { loss } = await turns.take(member, stepInputs(options, batch, inputs, core.count()));
      return loss!.data[0]!;
    },
    dispose() {
      if (member !== undefined) member.disposed = true;
      core.trainer.dispose();
    },
  };
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
function createTurns(size: number, crew: Crew): Turns {
  const waiting = new Map<Member, Turn>();
  let living = size;

  function runWhenComplete(): void {
    if (waiting.size === 0 || waiting.size < living) return;
    const turns = [...waiting];
    waiting.clear();
    try {
      const results = crew.run(new Map(turns.map(([member, { inputs }]) => [member, inputs])));
      for (const [member, turn] of turns) turn.resolve(results.get(member)!);
    } catch (error) {
      for (const [, turn] of turns) turn.reject(error);
    }
  }

  return {
    take(member, inputs) {
      return new Promise((resolve, reject) => {
        waiting.set(member, { inputs: crew.place(member, inputs), resolve, reject });
        runWhenComplete();
      });
    },
    leave() {
      living--;
      if (living === 0) crew.dispose();
      else runWhenComplete();
    },
  };
}
