import * as z from 'zod';
import { whole } from '../fields.js';
import { adaptationSchema } from './adaptation.js';
import { attacksSchema } from './attacks.js';
import { corruptionsSchema } from './corruptions.js';
import { generalisationSchema } from './generalisation.js';
import { REFERENCE_MODELS } from './models.js';
import { oodDetectionSchema } from './ood-detection.js';
import { shiftSchema } from './shift.js';
import { listOrOne } from './tables.js';

/** Metrics of groups of people, which `evaluation.protected` names. */
export const GROUP_METRICS = [
  'positive_rate',
  'base_rate',
  'true_positive_rate',
  'false_positive_rate',
  'positive_predictive_value',
  'demographic_parity',
  'demographic_parity_gap',
  'demographic_parity_ratio',
  'disparate_impact',
  'equal_opportunity',
  'equal_opportunity_gap',
  'equalized_odds_max',
  'equalized_odds_mean',
  'equalized_odds_sum',
  'average_odds',
  'predictive_parity',
  'predictive_parity_gap',
  'accuracy_parity',
  'accuracy_parity_gap',
  'treatment_equality',
  'theil_index',
  'differential_fairness',
  'abcc',
] as const;

export const METRICS = [
  'r2',
  'mse',
  'mean_ratio',
  'accuracy',
  'cross_entropy',
  'calibration_error',
  'worst_group_accuracy',
  'top_5_accuracy',
  'top_10_accuracy',
  'brier',
  'ece',
  'group_disparity',
  'inferred_group_disparity',
  'inferred_group_disparity_adam',
  ...GROUP_METRICS,
] as const;

export const evaluationSchema = z
  .strictObject({
    train_examples: whole(1).default(4096).describe('examples of the training set, at most'),
    test_examples: whole(1).default(8192).describe('examples of every other set, at most'),
    batch_size: whole(1, 65536).default(128).describe('examples at once'),
    seed: whole(0, 0xffffffff)
      .default(0)
      .describe('draws the examples: equal for all models, so that they compare'),
    metrics: z
      .array(z.enum(METRICS))
      .min(1)
      .default(['r2', 'mse'])
      .describe('what is computed of the predictions'),
    groups: z
      .array(z.array(z.string()).min(1))
      .min(1)
      .optional()
      .describe(
        'accuracy, worst_group_accuracy and group_disparity: for each list of variables, the groups of their levels',
      ),
    protected: listOrOne(z.string().min(1), 'must be a variable, or a list of variables')
      .refine(
        (names) => names.length > 0,
        'must name a variable (as dataset.protected=COLUMN does in a study of fairness)',
      )
      .optional()
      .describe(
        'variables whose groups are to be treated alike, the main one first: metrics of groups compare those of each, and of all at once',
      ),
    bins: whole(1, 1000).optional().describe('ece: bins of equal width; 10 unless given'),
    eiil: z
      .strictObject({
        steps: whole(0, 1_000_000).default(10_000).describe('updates of the memberships'),
        learning_rate: z.number().gt(0).max(10).default(1e-3).describe('size of a step of Adam'),
      })
      .optional()
      .describe('inferred_group_disparity_adam: how groups are inferred (Creager et al. 2021)'),
    present_classes_only: z
      .boolean()
      .optional()
      .describe('answer, in every set, only with classes that its scored examples have'),
    probes: z
      .strictObject({
        variable: z
          .string()
          .nullable()
          .default(null)
          .describe("what probes are to tell; null: the dataset's first protected variable"),
        l2: z
          .array(z.number().gt(0))
          .min(1)
          .default([1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001])
          .describe('strengths of the penalty of logistic probes, one of which the validation set chooses'),
        hidden: whole(1, 4096).default(32).describe('units of the MLP probe'),
      })
      .optional()
      .describe('probes of the last hidden layer, beside their baselines'),
    adaptation: adaptationSchema.optional(),
    attacks: attacksSchema,
    corruptions: corruptionsSchema.optional(),
    ood_detection: oodDetectionSchema.optional(),
    shift: shiftSchema.optional(),
    generalisation: generalisationSchema.optional(),
    references: z
      .array(z.enum(REFERENCE_MODELS))
      .default(['train_mean', 'nearest_seen'])
      .describe('references that stand beside every split'),
  })
  .describe('how a trained model is measured');
