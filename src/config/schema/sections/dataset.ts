import * as z from 'zod';
import { whole } from '../fields.js';

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

const allLevels = z
  .record(z.string(), levels)
  .default({})
  .describe('reduces the grid: for each factor named, which of its levels are kept');

const normalise = z
  .strictObject({
    mean: z.number().describe('taken off every number of an input'),
    scale: z.number().gt(0).describe('what the rest is divided by'),
  })
  .optional()
  .describe('how a model gets the images; absent: from 0 to 1');

/** One entry per dataset: its options in `configs/dataset/`, by `name`. */
export const DATASETS = {
  dsprites: z.strictObject({
    name: z.literal('dsprites').describe('white shapes on black, 64 x 64, with five factors'),
    source: z
      .enum(['rendered', 'archive'])
      .default('rendered')
      .describe('rendered: drawn here; archive: the published file in paths.data'),
    levels: allLevels,
    normalise,
  }),
  sprites: z.strictObject({
    name: z.literal('sprites').describe('coloured shapes on dark backgrounds, in five renditions'),
    side: z
      .union([z.literal(64), z.literal(32)], 'must be 32 or 64')
      .default(64)
      .describe('pixels along each side'),
    draws: whole(1, 4096).default(256).describe('images that have all other variables in common'),
    seed: whole(0, 0xffffffff).default(0).describe('of all that is random in the images'),
    levels: allLevels,
    normalise,
  }),
};

export const datasetSchema = z
  .discriminatedUnion('name', [DATASETS.dsprites, DATASETS.sprites])
  .describe('what is learnt from');
