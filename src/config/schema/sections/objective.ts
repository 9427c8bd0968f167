import * as z from 'zod';
import { whole } from '../fields.js';

const shuffled = z
  .boolean()
  .default(false)
  .describe('train on a random permutation of the protected variable: a negative control');

/** Of the mean risk of the environments with a penalty beside it. */
const penalised = (strength: number, anneal: number) => ({
  strength: z.number().min(0).default(strength).describe('weight of the penalty, once it has it'),
  anneal: whole(0).default(anneal).describe('updates in which the penalty weighs 1'),
  restart: z.boolean().default(true).describe('whether the optimiser begins anew after these updates'),
  rescale: z
    .boolean()
    .default(false)
    .describe('divide a loss whose penalty weighs more than 1 by that weight (Arjovsky et al. 2019)'),
  l2: z
    .number()
    .min(0)
    .default(0)
    .describe('weight of the sum of squares of all parameters, which rescale divides, too'),
});

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
  irm: z.strictObject({
    name: z.literal('irm').describe('invariant risk minimisation, IRMv1 (Arjovsky et al. 2019)'),
    ...penalised(100, 500),
    estimator: z
      .enum(['halves', 'whole'])
      .default('halves')
      .describe("of the squared slope of a risk: the product of two halves' slopes, or the square of all's"),
  }),
  vrex: z.strictObject({
    name: z.literal('vrex').describe('risk extrapolation (Krueger et al. 2021)'),
    ...penalised(10, 500),
    spread: z
      .enum(['variance', 'squared_differences'])
      .default('variance')
      .describe('of the risks: their variance, or the mean squared difference of two'),
  }),
  group_dro: z.strictObject({
    name: z
      .literal('group_dro')
      .describe('distributionally robust optimisation over environments (Sagawa et al. 2020)'),
    eta: z.number().gt(0).max(10).default(0.01).describe('how fast weights follow the risks'),
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
    OBJECTIVES.irm,
    OBJECTIVES.vrex,
    OBJECTIVES.group_dro,
  ])
  .describe('what a training step makes smaller');
