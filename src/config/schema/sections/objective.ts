import * as z from 'zod';

/** One entry per objective: its options in `configs/objective/`, by `name`. */
export const OBJECTIVES = {
  squared_error: z.strictObject({
    name: z.literal('squared_error').describe('squared error, summed over factors, averaged over the batch'),
  }),
  cross_entropy: z.strictObject({
    name: z
      .literal('cross_entropy')
      .describe('cross-entropy of the classes, averaged over factors and batch'),
    label_smoothing: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe('share of a label that is spread over all classes'),
  }),
};

export const objectiveSchema = z
  .discriminatedUnion('name', [OBJECTIVES.squared_error, OBJECTIVES.cross_entropy])
  .describe('what a training step makes smaller');
