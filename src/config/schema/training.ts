import * as z from 'zod';
import { whole } from './fields.js';

/** One entry per optimiser: its options in `configs/training/optimizer/`, by `name`. */
export const OPTIMIZERS = {
  adam: z.strictObject({
    name: z.literal('adam').describe('Adam (Kingma & Ba 2015)'),
    learning_rate: z.number().gt(0).max(10).default(5e-4).describe('size of a step'),
    beta1: z.number().min(0).lt(1).default(0.9).describe('decay of the mean of the gradients'),
    beta2: z.number().min(0).lt(1).default(0.999).describe('decay of the mean of their squares'),
    epsilon: z.number().gt(0).max(1).default(1e-8).describe('added to the root, against division by zero'),
  }),
};

export const trainingSchema = z
  .strictObject({
    steps: whole(1).default(500).describe('updates of the parameters'),
    batch_size: whole(1, 65536).default(64).describe('examples in one update'),
    log_every: whole(1).default(10).describe('steps between two lines of metrics.jsonl'),
    checkpoint_every: whole(1).default(100).describe('steps between two checkpoints'),
    overfit_batch: z
      .boolean()
      .default(false)
      .describe('train on the first batch alone: the loss must vanish'),
    monitor: z
      .strictObject({
        every: whole(1).default(100).describe('steps between two looks at the sets'),
        examples: whole(1).default(512).describe('examples of each set that are looked at'),
      })
      .prefault({})
      .describe('how far training has come, seen on a few examples'),
    optimizer: z
      .discriminatedUnion('name', [OPTIMIZERS.adam])
      .prefault({ name: 'adam' })
      .describe('how a gradient changes the parameters'),
  })
  .describe('how a model is trained');
