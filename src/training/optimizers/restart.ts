import type { NamedArrays, Optimizer, TrainState } from '../../engine/engine.js';

/** Where means lie that begin anew again and again: see `averageParameters`. */
export const segmentSlot = 'segment';

/**
 * An optimiser that counts its updates from each of the updates `before` (from 0) on anew; its slots are `clearSlots`' to
 * clear.
 */
export function restartOptimizer(optimizer: Optimizer, before: readonly number[]): Optimizer {
  if (before.length === 0) return optimizer;
  return {
    ...optimizer,
    numbers(inputs, step) {
      return optimizer.numbers(inputs, step - lastRestart(before, step));
    },
  };
}

/** Updates before the last one of `before` (from 0) that comes no later than update number `step`, from 1. */
export function lastRestart(before: readonly number[], step: number): number {
  return Math.max(0, ...before.filter((update) => update < step));
}

/** A state in which an optimiser begins anew: its slots are zero, but for averages of parameters. */
export function clearSlots(state: TrainState, { slots, averageSlot }: Optimizer): TrainState {
  const own = slots.filter((slot) => slot !== averageSlot && slot !== segmentSlot);
  const cleared: NamedArrays = Object.fromEntries(
    Object.entries(state.slots).map(([name, { shape, data }]) => {
      const isOwn = own.some((slot) => name.endsWith(`/${slot}`));
      return [name, isOwn ? { shape, data: new Float32Array(data.length) } : { shape, data }];
    }),
  );
  return { ...state, slots: cleared };
}
