import type { ExperimentConfig } from '../../../config/schema/root.js';
import { lateRateOf } from '../../../objectives/traits.js';
import { createSchedule } from '../../../training/schedules.js';

/**
 * The learning rate of every update, from 0: the schedule of `first`, or of what the objective puts in its place later. Of
 * two trainings each has the schedule by itself.
 */
export function createRates(
  { objective, training }: Pick<ExperimentConfig, 'objective' | 'training'>,
  first: number,
  steps: number,
): (step: number) => number {
  const { schedule, twice } = training;
  if (twice !== undefined) {
    const early = createSchedule(schedule, twice.learning_rate ?? first, twice.steps);
    const late = createSchedule(schedule, first, steps - twice.steps);
    return (step) => (step < twice.steps ? early(step) : late(step - twice.steps));
  }
  const early = createSchedule(schedule, first, steps);
  const change = lateRateOf(objective);
  if (change === undefined) return early;
  const late = createSchedule(schedule, change.learningRate, steps);
  return (step) => (step < change.from ? early(step) : late(step));
}
