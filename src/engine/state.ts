import { HeldoutError } from '../core/errors.js';
import type { NamedArray, NamedArrays, Optimizer, TrainState } from './engine.js';

/** Slots `<parameter>/<slot>` of every trained parameter, at zero. */
export function zeroSlots(
  parameters: NamedArrays,
  trained: readonly string[],
  slots: readonly string[],
): NamedArrays {
  return Object.fromEntries(
    trained.flatMap((name) => {
      const { shape, data } = parameters[name]!;
      return slots.map((slot): [string, NamedArray] => [
        `${name}/${slot}`,
        { shape, data: new Float32Array(data.length) },
      ]);
    }),
  );
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

/** Throws HeldoutError when a saved state has other names or shapes than the model. */
export function checkShapes(
  state: TrainState,
  parameters: NamedArrays,
  trained: readonly string[],
  slots: readonly string[],
): void {
  const expected = { ...parameters, ...zeroSlots(parameters, trained, slots) };
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
