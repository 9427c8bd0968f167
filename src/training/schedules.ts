import type { ExperimentConfig } from '../config/schema/root.js';

/** The `training.schedule` section of a config. */
export type ScheduleConfig = ExperimentConfig['training']['schedule'];
/** The learning rate of update number `step`, counted from 0. Pure. */
export type Schedule = (step: number) => number;

/** The share of the full rate, by updates since the warm-up and updates that follow it in all. */
type Shape<Options> = (options: Options, step: number, steps: number) => number;

const shapes: {
  readonly [Name in ScheduleConfig['name']]: Shape<Extract<ScheduleConfig, { name: Name }>>;
} = {
  constant: () => 1,
  /** torch.optim.lr_scheduler.CosineAnnealingLR with T_max = steps. */
  cosine: ({ final_fraction }, step, steps) =>
    1 - ((1 - final_fraction) * (1 - Math.cos((Math.PI * step) / steps))) / 2,
  /** torch.optim.lr_scheduler.LinearLR with total_iters = steps. */
  linear: ({ final_fraction }, step, steps) => 1 - ((1 - final_fraction) * step) / steps,
  /** torch.optim.lr_scheduler.StepLR. */
  step: ({ every, factor }, step) => factor ** Math.floor(step / every),
};

export const scheduleNames: readonly string[] = Object.keys(shapes);

/**
 * The learning rates of a training of `steps` updates. Over the `warmup_steps` first ones the rate rises by equal
 * parts to the full one, which the last of them has; from there on the schedule counts anew. It would reach its
 * end value at update number `steps`, which is the first one not made.
 */
export function createSchedule(config: ScheduleConfig, learningRate: number, steps: number): Schedule {
  const { warmup_steps } = config;
  const shape = shapes[config.name] as Shape<ScheduleConfig>;
  return (step) =>
    step < warmup_steps
      ? learningRate * ((step + 1) / warmup_steps)
      : learningRate * shape(config, step - warmup_steps, steps - warmup_steps);
}
