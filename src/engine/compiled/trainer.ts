import type { Execution, NamedArrays, SeveralSteps, StepInputs, Trainer, TrainerOptions } from '../engine.js';
import { batchOfRows, drawsOf, type ResidentData } from '../resident.js';
import { adoptState, evaluatedParameters, initialSlots } from '../state.js';
import { createCollector } from './collect.js';
import type { LowPrecision } from './graph/precision.js';
import type { Program } from './graph/program.js';
import { createInference, type Inference } from './inference.js';
import { createHolding, megabytesOf, takeResident } from './resident/holding.js';
import {
  batchSizeOf,
  checkBatch,
  joinState,
  recordStep,
  type Shapes,
  shapesOf,
  splitState,
  stepInputs,
} from './step-program.js';
import { chooseProgram } from './xla.js';

export interface CompiledTrainerOptions {
  /** Whether XLA compiles what it can; `auto`: where a trial says so. */
  readonly xla: 'auto' | 'on' | 'off';
  /** Bytes of training data that may be kept on the device. Default: any number. */
  readonly budget?: () => number;
  /** Of products and convolutions. Default float32. */
  readonly precision?: LowPrecision | undefined;
}

/**
 * Runs every step as one TensorFlow graph, which is made at the first step and keeps the state on the device.
 * The first step throws UnrecordableError when no graph can do what the step does.
 */
export function createCompiledTrainer(
  options: TrainerOptions,
  { xla, budget, precision }: CompiledTrainerOptions,
): Trainer {
  const core = createTrainerCore(options, { xla: xla === 'on', precision });
  let program: Program | undefined;
  const holding = createHolding(budget);
  let execution: Execution = { compiled: true, xla: xla === 'on', resident: 0 };
  let shapes: Shapes = {};
  let several: SeveralSteps | undefined;

  function load(batch: NamedArrays, inputs: StepInputs): Program {
    const state = core.fetch();
    const now = { state, updates: core.updates(), batch, inputs, precision };
    const { part, example } = recordStep(options, now);
    const resident = holding.admit(options.resident, batch) === undefined ? undefined : options.resident!;
    const size = batchSizeOf(batch);
    const rows = resident && firstRows(resident, size);
    const { program: loaded, ...chosen } = chooseProgram(
      resident === undefined ? part : takeResident(part, resident, size),
      xla,
      {
        state,
        inputs: { ...example, ...rows },
        steps: options.steps,
        sample: resident && { arrays: resident.arrays, examples: Math.min(size, resident.examples) },
      },
    );
    if (resident !== undefined) loaded.hold([resident]);
    core.use(loaded);
    shapes = shapesOf(rows === undefined ? batch : { ...rows, ...drawsOf(batch) });
    execution = {
      compiled: true,
      xla: chosen.xla,
      resident: resident === undefined ? 0 : megabytesOf(resident),
    };
    several = chosen.repeat === 1 ? undefined : takeSeveral(loaded, chosen.repeat);
    return loaded;
  }

  function takeSeveral({ runMany }: Program, most: number): SeveralSteps {
    const collect = createCollector(most);
    return {
      least: most,
      most,
      run(_, at) {
        const all = collect((index) => {
          const { batch, inputs } = at(index);
          checkBatch(shapes, batch);
          return stepInputs(options, batch, inputs, core.count());
        });
        return [...runMany(all).loss!.data];
      },
    };
  }

  return {
    ...core.trainer,
    prepare(batch, inputs) {
      program ??= load(batch, inputs);
      return execution;
    },
    step(batch, inputs) {
      program ??= load(batch, inputs);
      checkBatch(shapes, batch);
      const { loss } = program.run(stepInputs(options, batch, inputs, core.count()));
      return loss!.data[0]!;
    },
    several: () => several,
    dispose() {
      program?.dispose();
      program = undefined;
      core.trainer.dispose();
    },
  };
}

/** A batch of the first rows, as many as a batch has; where there are fewer, they come again. */
function firstRows({ examples }: ResidentData, size: number): NamedArrays {
  return batchOfRows(Int32Array.from({ length: size }, (_, index) => index % examples));
}

/** How graphs are made, of steps and of inference. */
export interface GraphOptions {
  readonly xla: boolean;
  readonly precision?: LowPrecision | undefined;
}

/** Where the state is. */
export type StateHolder = Pick<Program, 'assign' | 'set' | 'fetch'>;

/** What every compiled trainer has, whoever runs its steps. */
export interface TrainerCore {
  readonly trainer: Omit<Trainer, 'prepare' | 'step' | 'several'>;
  /** The flat state, or some of it. */
  fetch(names?: readonly string[]): NamedArrays;
  /** From now on the program holds the state. */
  use(program: StateHolder): void;
  /** Updates made. */
  updates(): number;
  /** Counts one more update and returns its number. */
  count(): number;
}

export function createTrainerCore(options: TrainerOptions, how: GraphOptions): TrainerCore {
  const { parameters: initial, optimizer } = options;
  const slots = initialSlots(options);
  const parameterKeys = Object.fromEntries(Object.keys(initial).map((name) => [name, `parameters/${name}`]));
  const slotKeys = Object.fromEntries(Object.keys(slots).map((name) => [name, `slots/${name}`]));
  const averageKeys = evaluatedParameters(parameterKeys, slotKeys, optimizer);
  const inferences = new Set<Inference>();
  /** The state as long as there is no program. */
  let waiting = joinState({ parameters: initial, slots });
  let program: StateHolder | undefined;
  let updates = 0;
  /** Changes whenever the state does. */
  let version = 0;

  const fetch = (names?: readonly string[]): NamedArrays => program?.fetch(names) ?? waiting;

  function fetchAs(keys: Readonly<Record<string, string>>): NamedArrays {
    const arrays = fetch(Object.values(keys));
    return Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, arrays[key]!]));
  }

  /** What inference works with. */
  const evaluated = (): NamedArrays => fetchAs(updates === 0 ? parameterKeys : averageKeys);

  return {
    fetch,
    use(loaded) {
      program = loaded;
      waiting = {};
    },
    updates: () => updates,
    count() {
      version++;
      updates++;
      return updates;
    },
    trainer: {
      state: () => ({ ...splitState(fetch()), step: updates }),
      restore(saved) {
        const state = adoptState(saved, options);
        if (program === undefined) waiting = joinState(state);
        else program.assign(joinState(state));
        updates = state.step;
        version++;
      },
      read: (names) => fetchAs(Object.fromEntries(names.map((name) => [name, parameterKeys[name]!]))),
      write(parameters) {
        const frozen = joinState({ parameters, slots: {} });
        if (program === undefined) waiting = { ...waiting, ...frozen };
        else program.set(frozen);
        version++;
      },
      inference(apply) {
        const inference = createInference(apply, how);
        inferences.add(inference);
        return (batch) => inference.run(version, evaluated, batch);
      },
      dispose() {
        program = undefined;
        waiting = {};
        for (const inference of inferences) inference.dispose();
      },
    },
  };
}
