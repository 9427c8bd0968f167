import * as z from 'zod';
import { whole } from '../fields.js';

const rows = (usual: number) =>
  whole(1, 65536)
    .default(usual)
    .describe('test examples that are seen at once, in an order drawn by the seed');

const t3a = z.strictObject({
  name: z.literal('t3a').describe('prototypes of the classes in place of the read-out'),
  keep: whole(1)
    .nullable()
    .default(null)
    .describe('supports of each class that are kept, those of least entropy; null: all'),
  batch_size: rows(32),
});

const tent = z.strictObject({
  name: z.literal('tent').describe('steps on scales and shifts of norm layers by the entropy of the outputs'),
  learning_rate: z.number().gt(0).max(10).default(1e-3).describe("Adam's"),
  batch_size: rows(200),
});

const optionsSchema = z.discriminatedUnion('name', [t3a, tent]);
const names = ['t3a', 'tent'] as const;

/** A name stands for the adaptation with its usual options: both are the same config. */
export const adaptationSchema = z
  .union(
    [z.enum(names), optionsSchema],
    `must be one of ${names.join(', ')}, or one with options: {name: t3a, keep: 20}`,
  )
  .transform((value) => (typeof value === 'string' ? optionsSchema.parse({ name: value }) : value))
  .describe('how a trained network is adapted to each test set, of which it sees no label');
