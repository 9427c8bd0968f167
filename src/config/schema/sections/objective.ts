import * as z from 'zod';

const shuffled = z
  .boolean()
  .default(false)
  .describe('train on a random permutation of the protected variable: a negative control');

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
  fair: z.strictObject({
    name: z
      .literal('fair')
      .describe('cross-entropy of a binary target, and how differently groups are answered'),
    regulariser: z
      .enum(['squared', 'absolute', 'equal_opportunity', 'equalized_odds'])
      .default('squared')
      .describe('what is measured between the groups of a batch (Lohaus et al. 2022, regularisers 2 and 3)'),
    strength: z.number().min(0).default(1).describe('weight of the regulariser beside the cross-entropy'),
    shuffled,
  }),
  two_heads: z.strictObject({
    name: z
      .literal('two_heads')
      .describe('cross-entropy of a binary target, and a second head that tells the protected variable'),
    second_loss: z
      .enum(['mse_sigmoid', 'mse_linear', 'bce'])
      .default('mse_linear')
      .describe(
        'of the second head: squared error of its sigmoid (Lohaus et al.), or of itself, or cross-entropy',
      ),
    second_weight: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe("weight of the second head's loss; the first has the rest"),
    shuffled,
  }),
  reweighed: z.strictObject({
    name: z
      .literal('reweighed')
      .describe(
        'cross-entropy under weights that make group and target independent (Kamiran & Calders 2012)',
      ),
  }),
  adversarial: z.strictObject({
    name: z
      .literal('adversarial')
      .describe(
        'cross-entropy against an adversary that reads the group from the answer (Zhang et al. 2018)',
      ),
    criterion: z
      .enum(['demographic_parity', 'equalized_odds'])
      .default('demographic_parity')
      .describe('what the adversary is given: the answer, or the answer and the truth'),
    strength: z
      .number()
      .min(0)
      .default(1)
      .describe("weight of the adversary's gradient beside the projection"),
    shuffled,
  }),
};

export const objectiveSchema = z
  .discriminatedUnion('name', [
    OBJECTIVES.squared_error,
    OBJECTIVES.cross_entropy,
    OBJECTIVES.fair,
    OBJECTIVES.two_heads,
    OBJECTIVES.reweighed,
    OBJECTIVES.adversarial,
  ])
  .describe('what a training step makes smaller');
