import { expect } from 'vitest';
import type { NamedArrays, SharedTrainer, StepInputs } from '../engine.js';
import { relativeError } from './backends.js';

export interface Trained {
  readonly losses: readonly number[];
  readonly parameters: NamedArrays;
}

/** Four updates on the batches and inputs of their step; the trainer is disposed of. */
export async function trainFourSteps(
  trainer: SharedTrainer,
  at: (step: number) => { readonly batch: NamedArrays; readonly inputs: StepInputs },
): Promise<Trained> {
  const losses: number[] = [];
  for (let step = 0; step < 4; step++) {
    const { batch, inputs } = at(step);
    losses.push(await trainer.step(batch, inputs));
  }
  const { parameters } = trainer.state();
  trainer.dispose();
  return { losses, parameters };
}

/** Losses to four decimals. Adam's first steps are as large for a gradient of rounding errors as for any other. */
export function expectSameTraining(found: Trained, expected: Trained, tolerance: number): void {
  expect(found.losses).toEqual(expected.losses.map((loss) => expect.closeTo(loss, 4)));
  for (const [name, values] of Object.entries(expected.parameters)) {
    expect(relativeError(found.parameters[name] as never, values as never), name).toBeLessThan(tolerance);
  }
}
