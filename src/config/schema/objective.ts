import * as z from 'zod';

/** One entry per objective: its options in `configs/objective/`, by `name`. */
export const OBJECTIVES = {
  squared_error: z.strictObject({
    name: z.literal('squared_error').describe('squared error, summed over factors, averaged over the batch'),
  }),
};

export const objectiveSchema = z
  .discriminatedUnion('name', [OBJECTIVES.squared_error])
  .describe('what a training step makes smaller');
