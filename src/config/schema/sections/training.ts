import * as z from 'zod';
import { whole } from '../fields.js';
import { augmentSchema } from './augment.js';
import { twiceSchema } from './twice.js';

const learningRate = (usual: number) => z.number().gt(0).max(10).default(usual).describe('size of a step');

const adamOptions = {
  learning_rate: learningRate(5e-4),
  beta1: z.number().min(0).lt(1).default(0.9).describe('decay of the mean of the gradients'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('decay of the mean of their squares'),
  epsilon: z.number().gt(0).max(1).default(1e-8).describe('added to the root, against division by zero'),
};

const decayBiases = z
  .boolean()
  .default(false)
  .describe('whether biases, scales and offsets decay, too (all parameters of one axis); PyTorch: true');

/** Decay as a part of the gradient: that of weight_decay/2 times the sum of squares. */
const gradientDecay = {
  weight_decay: z.number().min(0).max(10).default(0).describe('added to the gradient, times the parameter'),
  decay_biases: decayBiases,
};

/** One entry per optimiser: its options in `configs/training/optimizer/`, by `name`. */
export const OPTIMIZERS = {
  adam: z.strictObject({
    name: z.literal('adam').describe('Adam (Kingma & Ba 2015)'),
    ...adamOptions,
    ...gradientDecay,
  }),
  adamw: z.strictObject({
    name: z.literal('adamw').describe('Adam with decay beside the gradient (Loshchilov & Hutter 2019)'),
    ...adamOptions,
    weight_decay: z
      .number()
      .min(0)
      .max(10)
      .default(0.01)
      .describe('share of a parameter that an update takes away, times the learning rate'),
    decay_biases: decayBiases,
  }),
  sgd: z.strictObject({
    name: z.literal('sgd').describe('stochastic gradient descent with momentum'),
    learning_rate: learningRate(1e-3),
    momentum: z.number().min(0).lt(1).default(0.9).describe('what a step leaves of the sum of gradients'),
    nesterov: z.boolean().default(false).describe('look ahead by one step of momentum (Nesterov 1983)'),
    ...gradientDecay,
  }),
};

const warmup = {
  warmup_steps: whole(0).default(0).describe('first steps, over which the rate rises from near zero'),
};
const finalFraction = z
  .number()
  .min(0)
  .max(1)
  .default(0)
  .describe('share of the learning rate that is left at the end');

/** One entry per schedule of the learning rate: its options in `configs/training/schedule/`, by `name`. */
export const SCHEDULES = {
  constant: z.strictObject({ name: z.literal('constant').describe('one rate after the warm-up'), ...warmup }),
  cosine: z.strictObject({
    name: z.literal('cosine').describe('half a cosine from the end of the warm-up to the last step'),
    ...warmup,
    final_fraction: finalFraction,
  }),
  linear: z.strictObject({
    name: z.literal('linear').describe('a straight line from the end of the warm-up to the last step'),
    ...warmup,
    final_fraction: finalFraction,
  }),
  step: z.strictObject({
    name: z.literal('step').describe('a smaller rate every so many steps after the warm-up'),
    ...warmup,
    every: whole(1).default(200).describe('steps with the same rate'),
    factor: z.number().gt(0).max(1).default(0.1).describe('what each change leaves of the rate'),
  }),
};

export const trainingSchema = z
  .strictObject({
    steps: whole(1).default(500).describe('updates of the parameters'),
    epochs: whole(1)
      .optional()
      .describe(
        'passes over the training set, each of as many updates as it takes to see every example, in place of steps; absent: steps decide',
      ),
    batch_size: whole(1, 65536).default(64).describe('examples in one update'),
    log_every: whole(1).default(10).describe('steps between two lines of metrics.jsonl'),
    checkpoint_every: whole(1).default(100).describe('steps between two checkpoints'),
    stratify: z
      .boolean()
      .optional()
      .describe(
        'whether every batch has the groups of the protected variable by their shares among all; absent: no',
      ),
    environments: z
      .enum(['replacement', 'all'])
      .optional()
      .describe(
        'batches of batch_size examples of every environment, drawn with replacement, or of all examples; absent: without regard to environments',
      ),
    balance: z
      .enum(['classes', 'groups'])
      .optional()
      .describe(
        'batches drawn with replacement, every class alike, or every class within a group (the protected variable, or else the environment); absent: no',
      ),
    overfit_batch: z
      .boolean()
      .default(false)
      .describe('train on the first batch alone: the loss must vanish'),
    monitor: z
      .strictObject({
        every: whole(1).default(100).describe('steps between two looks at the sets'),
        examples: whole(1).default(512).describe('examples of each set that are looked at'),
        environments: whole(1)
          .optional()
          .describe(
            'examples of each environment of every set whose accuracy is kept, for selection; absent: none',
          ),
      })
      .prefault({})
      .describe('how far training has come, seen on a few examples'),
    optimizer: z
      .discriminatedUnion('name', [OPTIMIZERS.adam, OPTIMIZERS.adamw, OPTIMIZERS.sgd])
      .prefault({ name: 'adam' })
      .describe('how a gradient changes the parameters'),
    schedule: z
      .discriminatedUnion('name', [SCHEDULES.constant, SCHEDULES.cosine, SCHEDULES.linear, SCHEDULES.step])
      .prefault({ name: 'constant' })
      .describe('how the learning rate changes from step to step'),
    augment: augmentSchema,
    train_only: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        'the only parameters that are trained, by name, where * is any part: [read-out/*]; absent: all',
      ),
    read_out_first: z
      .strictObject({
        steps: whole(1).describe('updates of the read-out alone, before the optimiser begins anew with all'),
        learning_rate: z
          .number()
          .gt(0)
          .max(10)
          .optional()
          .describe('size of these steps; absent: that of the optimiser'),
      })
      .optional()
      .describe(
        'linear probing, then fine-tuning (Kumar et al. 2022); absent: all is trained from the start',
      ),
    twice: twiceSchema,
    clip_norm: z.number().gt(0).nullable().default(null).describe('largest norm of all gradients together'),
    clip_value: z.number().gt(0).nullable().default(null).describe('largest size of a number in a gradient'),
    average: z
      .strictObject({
        decay: z
          .union([z.number().min(0).lt(1), z.literal('mean')])
          .nullable()
          .default(null)
          .describe(
            'what a step leaves of the running mean of the parameters, or mean: all since its start count alike; null: there is none',
          ),
        start: whole(0).default(0).describe('steps before the mean begins'),
        valley: z
          .strictObject({
            rule: z
              .enum(['corrected', 'faithful', 'paper'])
              .default('corrected')
              .describe(
                "faithful: as the authors' code, with its slips; corrected: without; paper: as in algorithm 1",
              ),
            converge: whole(1).default(3).describe('looks of which the first one has the least loss'),
            tolerance: whole(1).default(6).describe('looks that may all be above the threshold'),
            ratio: z.number().min(0).default(0.3).describe('how far the threshold is above their mean loss'),
          })
          .optional()
          .describe(
            'SWAD: in place of it the mean of all weights within a valley of the validation loss, as training.monitor looks at it; absent: no',
          ),
      })
      .prefault({})
      .describe('a running mean of the parameters, which evaluation then uses'),
  })
  .describe('how a model is trained');
