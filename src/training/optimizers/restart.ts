import type { NamedArrays, Optimizer, TrainState } from '../../engine/engine.js';

/** An optimiser that counts its updates from update `before` (from 0) on anew; its slots are `clearSlots`' to clear. */
export function restartOptimizer(optimizer: Optimizer, before: number | undefined): Optimizer {
  if (before === undefined) return optimizer;
  return {
    ...optimizer,
    numbers: (inputs, step) => optimizer.numbers(inputs, step > before ? step - before : step),
  };
}

/** A state in which an optimiser begins anew: its slots are zero, but for averages of parameters. */
export function clearSlots(state: TrainState, { slots, averageSlot }: Optimizer): TrainState {
  const own = slots.filter((slot) => slot !== averageSlot);
  const cleared: NamedArrays = Object.fromEntries(
    Object.entries(state.slots).map(([name, { shape, data }]) => {
      const isOwn = own.some((slot) => name.endsWith(`/${slot}`));
      return [name, isOwn ? { shape, data: new Float32Array(data.length) } : { shape, data }];
    }),
  );
  return { ...state, slots: cleared };
}
