import * as z from 'zod';
import { whole } from './fields.js';

const levels = z
  .strictObject({
    first: whole(1).optional().describe('keep only the first levels, this many'),
    every: whole(1).optional().describe('keep every n-th level, beginning with the first'),
    list: z.array(whole(0)).min(1).optional().describe('keep the levels of these indices'),
  })
  .refine(
    (value) => value.first !== undefined || value.every !== undefined || value.list !== undefined,
    "needs 'first', 'every' or 'list'",
  );

/** One entry per dataset: its options in `configs/dataset/`, by `name`. */
export const DATASETS = {
  dsprites: z.strictObject({
    name: z.literal('dsprites').describe('white shapes on black, 64 x 64, with five factors'),
    source: z
      .enum(['rendered', 'archive'])
      .default('rendered')
      .describe('rendered: drawn here; archive: the published file in paths.data'),
    levels: z
      .record(z.string(), levels)
      .default({})
      .describe('reduces the grid: for each factor named, which of its levels are kept'),
  }),
};

export const datasetSchema = z
  .discriminatedUnion('name', [DATASETS.dsprites])
  .describe('what is learnt from');
