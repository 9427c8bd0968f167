import { HeldoutError } from '../core/errors.js';
import type { TrainState } from '../engine/engine.js';

export interface Divergence {
  /** What is not a finite number: `the training loss is NaN`. */
  readonly what: string;
  /** The update, counted from 1, that showed it. */
  readonly step: number;
  readonly learningRate: number;
  /** The largest one so far: a schedule may have lowered it since. */
  readonly peakRate: number;
  /** Step of the last checkpoint with finite values, if there is one. */
  readonly lastCheckpoint: number | undefined;
}

/** The error of a run whose numbers ran away. */
export function divergenceError(divergence: Divergence): HeldoutError {
  const { what, step, learningRate, peakRate, lastCheckpoint } = divergence;
  const good =
    lastCheckpoint === undefined
      ? 'there is no earlier checkpoint'
      : `the last good checkpoint is the one of step ${lastCheckpoint}`;
  const peak = peakRate === learningRate ? '' : `, and was up to ${peakRate}`;
  return new HeldoutError({
    code: 'E_TRAINING_DIVERGED',
    message: `training diverged at step ${step}: ${what}; ${good}`,
    hints: [
      `lower the learning rate (it is ${learningRate}${peak}): training.optimizer.learning_rate=${Number((peakRate / 10).toPrecision(3))}`,
      'find the step at which the loss begins to rise: training.log_every=1',
      'try the model on one batch only: debug=overfit',
    ],
    exitCode: 1,
  });
}

/** Name of the first parameter or slot with a value that is not finite, if there is one. */
export function findNonFinite({ parameters, slots }: TrainState): string | undefined {
  const all = [...Object.entries(parameters), ...Object.entries(slots)];
  return all.find(([, { data }]) => !isAllFinite(data))?.[0];
}

function isAllFinite(data: Float32Array | Int32Array): boolean {
  // The sum of finite float32 numbers cannot overflow a double, and any other number survives a sum.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]!;
  return Number.isFinite(sum);
}
