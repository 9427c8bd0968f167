import type {
  Execution,
  NamedArrays,
  ReplicaGroup,
  SharedTrainer,
  StepInputs,
  TrainerOptions,
} from '../../engine.js';
import { batchOfRows, drawsOf, rowsInput } from '../../resident.js';
import { type CompileSettings, createChoosingTrainer, describeFor } from '../choose.js';
import { createHolding, type Holding, megabytesOf, takeRows } from '../resident/holding.js';
import { batchSizeOf, checkBatch, recordStep, type Shapes, shapesOf, stepInputs } from '../step-program.js';
import { createTrainerCore, type GraphOptions } from '../trainer.js';
import { createCrew, type Member, type Togetherness } from './crew.js';
import { createTurns, type Turns } from './turns.js';

/** Trains so many replicas in one graph: their steps wait for each other and run together. */
export function createReplicaGroup(
  size: number,
  settings: CompileSettings,
  way: Togetherness = 'auto',
): ReplicaGroup {
  const holding = createHolding(settings.budget);
  const turns = createTurns(size, createCrew(way, holding));
  let made = 0;
  return {
    createTrainer(options) {
      made++;
      const described = describeFor(options, settings);
      if (made > size) throw new Error(`this group has ${size} replicas`);
      const how = { xla: settings.xla === 'on', precision: settings.precision };
      const replica = createReplica(described, { turns, holding, how });
      return createChoosingTrainer(described, settings, replica, () => turns.leave());
    },
    leave: () => turns.leave(),
  };
}

interface Place {
  readonly turns: Turns;
  readonly holding: Holding;
  readonly how: GraphOptions;
}

/** One member: like a compiled trainer, but its steps are the group's. */
function createReplica(options: TrainerOptions, { turns, holding, how }: Place): SharedTrainer {
  const core = createTrainerCore(options, how);
  let member: Member | undefined;
  let execution: Execution = { compiled: true, xla: how.xla, resident: 0 };
  let shapes: Shapes = {};
  /** Where its data begin among those that the group holds. */
  let firstRow = 0;

  function join(batch: NamedArrays, inputs: StepInputs): Member {
    const now = { state: core.fetch(), updates: core.updates(), batch, inputs, ...how };
    const { part } = recordStep(options, now);
    const first = holding.admit(options.resident, batch);
    const common = { core, steps: options.steps ?? 0, warn: options.warn, disposed: false };
    if (first === undefined) {
      shapes = shapesOf(batch);
      return { ...common, part };
    }
    firstRow = first;
    const size = batchSizeOf(batch);
    shapes = { [rowsInput]: [size], ...shapesOf(drawsOf(batch)) };
    execution = { ...execution, resident: megabytesOf(options.resident!) };
    return { ...common, part: takeRows(part, options.resident!, size) };
  }

  function enter(batch: NamedArrays, inputs: StepInputs): NamedArrays {
    checkBatch(shapes, batch);
    return stepInputs(options, shiftRows(batch, firstRow), inputs, core.count());
  }

  return {
    ...core.trainer,
    prepare(batch, inputs) {
      member ??= join(batch, inputs);
      return execution;
    },
    async step(batch, inputs) {
      member ??= join(batch, inputs);
      const [loss] = await turns.take(member, enter(batch, inputs));
      return loss!;
    },
    several() {
      const most = turns.ahead();
      if (member === undefined || most === 1) return undefined;
      const joined = member;
      return {
        least: 1,
        most,
        run: (count, at) =>
          turns.takeMany(joined, count, (index) => {
            const { batch, inputs } = at(index);
            return enter(batch, inputs);
          }),
      };
    },
    dispose() {
      if (member !== undefined) member.disposed = true;
      core.trainer.dispose();
    },
  };
}

function shiftRows(batch: NamedArrays, first: number): NamedArrays {
  const rows = batch[rowsInput];
  if (first === 0 || rows === undefined) return batch;
  const shifted = new Int32Array(rows.data.length);
  for (let at = 0; at < shifted.length; at++) shifted[at] = rows.data[at]! + first;
  return { ...batch, ...batchOfRows(shifted) };
}
