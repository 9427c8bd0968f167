import { HeldoutError } from '../../core/errors.js';
import type { NamedArrays, StepInputs, Trainer, TrainerOptions } from '../engine.js';
import { checkShapes, zeroSlots } from '../state.js';
import { trainedNames, trainingStep } from '../step.js';
import { compile, type NumberedFunction, numberInputs } from './compile.js';
import { createInference, type Inference } from './inference.js';
import type { Program } from './program.js';

export interface CompiledTrainerOptions {
  /** Lets XLA compile what it can. */
  readonly xla: boolean;
}

/**
 * Runs every step as one TensorFlow graph, which is made at the first step and keeps the state on the device.
 * The first step throws UnrecordableError when no graph can do what the step does.
 */
export function createCompiledTrainer(options: TrainerOptions, { xla }: CompiledTrainerOptions): Trainer {
  const { parameters: initial, optimizer } = options;
  const trained = trainedNames(options);
  const parameterKeys = Object.keys(initial).map((name) => `parameters/${name}`);
  const numbersOf = (inputs: StepInputs, step: number) => ({ ...inputs, ...optimizer.numbers(inputs, step) });
  const inferences = new Set<Inference>();
  /** The state as long as there is no graph. */
  let waiting = joinState({ parameters: initial, slots: zeroSlots(initial, trained, optimizer.slots) });
  let program: Program | undefined;
  let shapes = '';
  let updates = 0;
  /** Changes whenever the state does. */
  let version = 0;

  function load(batch: NamedArrays, inputs: StepInputs): Program {
    // Other numbers than the first ones wherever a step may have others.
    const others = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, 0.75 * value + 0.125]),
    );
    const numbers = numbersOf(inputs, updates + 1);
    const later = numbersOf({ ...inputs, ...others }, updates + 2);
    const loaded = compile({
      compute: asStateFunction(options),
      state: waiting,
      batch,
      numbers: [numbers, later],
      xla,
    });
    // One step to let TensorFlow optimise the graph, and to see that it can run it; then the state from before.
    loaded.assign(waiting);
    loaded.run({ ...batch, ...numberInputs(numbers) });
    loaded.assign(waiting);
    waiting = {};
    shapes = describeShapes(batch);
    return loaded;
  }

  const fetch = (names?: readonly string[]): NamedArrays => program?.fetch(names) ?? waiting;

  return {
    prepare(batch, inputs) {
      program ??= load(batch, inputs);
      return { compiled: true, xla };
    },
    step(batch, inputs) {
      program ??= load(batch, inputs);
      const found = describeShapes(batch);
      if (found !== shapes) throw otherShapes(shapes, found);
      updates++;
      version++;
      const { loss } = program.run({ ...batch, ...numberInputs(numbersOf(inputs, updates)) });
      return loss!.data[0]!;
    },
    state: () => ({ ...splitState(fetch()), step: updates }),
    restore(state) {
      checkShapes(state, initial, trained, optimizer.slots);
      if (program === undefined) waiting = joinState(state);
      else program.assign(joinState(state));
      updates = state.step;
      version++;
    },
    inference(apply) {
      const inference = createInference(apply, xla);
      inferences.add(inference);
      return (batch) => inference.run(version, () => splitState(fetch(parameterKeys)).parameters, batch);
    },
    dispose() {
      program?.dispose();
      program = undefined;
      waiting = {};
      for (const inference of inferences) inference.dispose();
    },
  };
}

/** The training step over one flat state. */
function asStateFunction(options: TrainerOptions): NumberedFunction {
  const step = trainingStep(options);
  return (state, batch, numbers) => {
    const { loss, ...next } = step(splitState(state), batch, numbers);
    return { state: joinState(next), outputs: { loss } };
  };
}

function joinState<T>({ parameters, slots }: Record<'parameters' | 'slots', Readonly<Record<string, T>>>) {
  return { ...prefixKeys('parameters/', parameters), ...prefixKeys('slots/', slots) };
}

function splitState<T>(state: Readonly<Record<string, T>>) {
  return { parameters: pickKeys('parameters/', state), slots: pickKeys('slots/', state) };
}

function prefixKeys<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]));
}

function pickKeys<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  const entries = Object.entries(record).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}

function describeShapes(batch: NamedArrays): string {
  return Object.entries(batch)
    .map(([name, { shape }]) => `${name} [${shape.join(', ')}]`)
    .join(', ');
}

function otherShapes(first: string, found: string): HeldoutError {
  return new HeldoutError({
    code: 'E_ENGINE_SHAPE',
    message: `the batches of a compiled step keep their shapes, but ${first} became ${found}`,
    hints: [
      'fill up or drop a last batch that is smaller',
      'engine.compile=off  (runs op by op: slower, and shapes may change)',
    ],
    exitCode: 1,
  });
}
