import type { ExperimentConfig } from '../../../config/schema/root.js';
import { lateRateOf } from '../../../objectives/traits.js';
import { createSchedule } from '../../../training/schedules.js';

/** The learning rate of every update, from 0: the schedule of `first`, or of what the objective puts in its place later. */
export function createRates(
  { objective, training }: Pick<ExperimentConfig, 'objective' | 'training'>,
  first: number,
  steps: number,
): (step: number) => number {
  const { schedule } = training;
  const early = createSchedule(schedule, first, steps);
  const change = lateRateOf(objective);
  if (change === undefined) return early;
  const late = createSchedule(schedule, change.learningRate, steps);
  return (step) => (step < change.from ? early(step) : late(step));
}
