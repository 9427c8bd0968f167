import { HeldoutError } from '../core/errors.js';
import type { NamedArray, NamedArrays, Optimizer, TrainerOptions, TrainState } from './engine.js';
import { scalingSlots } from './loss-scaling.js';
import { trainedNames } from './step.js';

/** Slots `<parameter>/<slot>` of every trained parameter, at zero, and the state of a loss scaling. */
export function initialSlots(options: TrainerOptions): NamedArrays {
  const { parameters, optimizer, lossScaling = false } = options;
  const slots = trainedNames(options).flatMap((name) => {
    const { shape, data } = parameters[name]!;
    return optimizer.slots.map((slot): [string, NamedArray] => [
      `${name}/${slot}`,
      { shape, data: new Float32Array(data.length) },
    ]);
  });
  return { ...Object.fromEntries(slots), ...(lossScaling ? scalingSlots : {}) };
}

/**
 * A saved state as a trainer takes it up: one of another precision lacks the state of a loss scaling, or has one.
 * Throws HeldoutError when it has other names or shapes than the model.
 */
export function adoptState(state: TrainState, options: TrainerOptions): TrainState {
  const own = Object.entries(state.slots).filter(([name]) => !(name in scalingSlots));
  const scaling = options.lossScaling === true ? { ...scalingSlots, ...pickScaling(state.slots) } : {};
  const adopted = { ...state, slots: { ...Object.fromEntries(own), ...scaling } };
  checkShapes(adopted, { ...options.parameters, ...initialSlots(options) });
  return adopted;
}

function pickScaling(slots: NamedArrays): NamedArrays {
  return Object.fromEntries(Object.entries(slots).filter(([name]) => name in scalingSlots));
}

/** What inference works with: averages where the optimiser keeps them, and parameters elsewhere. */
export function evaluatedParameters<T>(
  parameters: Readonly<Record<string, T>>,
  slots: Readonly<Record<string, T>>,
  { averageSlot }: Pick<Optimizer, 'averageSlot'>,
): Readonly<Record<string, T>> {
  if (averageSlot === undefined) return parameters;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, slots[`${name}/${averageSlot}`] ?? value]),
  );
}

function checkShapes(state: TrainState, expected: NamedArrays): void {
  const found = { ...state.parameters, ...state.slots };
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  for (const name of names) {
    const [want, have] = [expected[name], found[name]].map((array) => array && `[${array.shape.join(', ')}]`);
    if (want === have) continue;
    throw new HeldoutError({
      code: 'E_ENGINE_STATE',
      message: `the saved state does not fit the model: ${name} is ${have ?? 'missing'} there and ${want ?? 'missing'} here`,
      hints: ['start the run anew, or use the model that wrote this state'],
      exitCode: 1,
    });
  }
}
