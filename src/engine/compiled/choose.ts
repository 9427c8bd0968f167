import { HeldoutError } from '../../core/errors.js';
import { firstLine } from '../../core/text.js';
import type {
  Apply,
  Execution,
  NamedArrays,
  SharedTrainer,
  StepInputs,
  Trainer,
  TrainerOptions,
} from '../engine.js';
import { createEagerTrainer } from '../trainer.js';
import type { LowPrecision } from './graph/precision.js';
import { UnrecordableError } from './recording/recording.js';

export interface CompileSettings {
  /** `auto` runs op by op what cannot be compiled, `always` refuses it. */
  readonly compile: 'auto' | 'off' | 'always';
  readonly xla: 'auto' | 'on' | 'off';
  /** Bytes of training data that may be kept on the device. Default: any number. */
  readonly budget?: () => number;
  /** Of products and convolutions; a graph's only, so what cannot be compiled is refused. Default float32. */
  readonly precision?: LowPrecision | undefined;
}

/** float16 numbers are so few that gradients need a scaled loss. */
export function describeFor(options: TrainerOptions, { precision }: CompileSettings): TrainerOptions {
  return precision === 'float16' ? { ...options, lossScaling: true } : options;
}

/**
 * Compiles what can be compiled, and says once per function what cannot and why.
 * @param compiled Runs what can be compiled.
 * @param abandon Called when the steps run op by op instead, and at the end.
 */
export function createChoosingTrainer<T extends SharedTrainer>(
  options: TrainerOptions,
  settings: CompileSettings,
  compiled: T,
  abandon = () => {},
): Omit<SharedTrainer, 'step' | 'several'> & Pick<T, 'step' | 'several'> {
  /** Takes the place of the compiled one when no graph can be made of the step. */
  let eager: Trainer | undefined;
  let prepared = false;

  function refuse(what: string, error: unknown): void {
    const reason = explain(error);
    if (reason === undefined) throw error;
    if (settings.compile === 'always' || settings.precision !== undefined) {
      throw notCompiled(what, reason, settings.precision, error);
    }
    options.warn?.(`${what} runs op by op, which is slower, since no graph can repeat it: ${reason}`);
  }

  function prepare(batch: NamedArrays, inputs: StepInputs): Execution {
    try {
      if (eager === undefined) return compiled.prepare(batch, inputs);
    } catch (error) {
      refuse('the training step', error);
      eager = createEagerTrainer(options);
      eager.restore(compiled.state());
      abandon();
    } finally {
      prepared = true;
    }
    return eager!.prepare(batch, inputs);
  }

  function inference(apply: Apply) {
    const fast = compiled.inference(apply);
    let slow: Trainer | undefined;
    return (batch: NamedArrays): NamedArrays => {
      if (eager !== undefined) return eager.inference(apply)(batch);
      try {
        if (slow === undefined) return fast(batch);
      } catch (error) {
        refuse('the evaluation', error);
        slow = createEagerTrainer(options);
      }
      slow!.restore(compiled.state());
      return slow!.inference(apply)(batch);
    };
  }

  return {
    prepare,
    step(batch: NamedArrays, inputs: StepInputs) {
      if (!prepared) prepare(batch, inputs);
      // A number is what every step may return.
      return (eager ?? compiled).step(batch, inputs) as ReturnType<T['step']>;
    },
    several: () =>
      (eager === undefined ? compiled.several?.() : undefined) as ReturnType<NonNullable<T['several']>>,
    state: () => (eager ?? compiled).state(),
    restore: (state) => (eager ?? compiled).restore(state),
    read: (names) => (eager ?? compiled).read(names),
    write: (parameters) => (eager ?? compiled).write(parameters),
    inference,
    dispose() {
      eager?.dispose();
      compiled.dispose();
      if (eager === undefined) abandon();
    },
  };
}

/** Why something cannot be compiled; undefined for errors that have nothing to do with it. */
function explain(error: unknown): string | undefined {
  if (error instanceof UnrecordableError) return error.message;
  if (error instanceof HeldoutError) return error.code === 'E_ENGINE_RUN' ? error.message : undefined;
  const isRefused = error instanceof Error && error.message.startsWith('Failed to load SavedModel');
  return isRefused ? `TensorFlow refuses the graph: ${firstLine(error)}` : undefined;
}

function notCompiled(
  what: string,
  reason: string,
  precision: LowPrecision | undefined,
  cause: unknown,
): HeldoutError {
  return new HeldoutError({
    code: 'E_ENGINE_COMPILE',
    message: `${what} cannot be compiled: ${reason}`,
    place: precision === undefined ? 'engine.compile=always' : `engine.precision=${precision}`,
    hints: [
      'let what changes from step to step enter as a part of the batch, or as a number of the step',
      precision === undefined
        ? 'engine.compile=auto  (runs op by op what cannot be compiled)'
        : 'engine.precision=float32  (runs op by op what cannot be compiled)',
    ],
    exitCode: 1,
    cause,
  });
}
