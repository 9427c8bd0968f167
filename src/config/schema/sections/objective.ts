import * as z from 'zod';
import { whole } from '../fields.js';
import { STEP_OBJECTIVES, STEP_SCHEMAS } from './objective-steps.js';

const shuffled = z
  .boolean()
  .default(false)
  .describe('train on a random permutation of the protected variable: a negative control');

const strength = (usual: number) =>
  z.number().min(0).default(usual).describe('weight of the penalty beside the mean risk');
const restart = z.boolean().default(true).describe('whether the optimiser begins anew after these updates');
const lateRate = (usual: number) =>
  z.number().gt(0).max(10).default(usual).describe('size of a step after these updates');
const contrastive = {
  strength: strength(0.1),
  temperature: z.number().gt(0).max(100).default(0.1).describe('what similarities are divided by'),
};

const estimator = z
  .enum(['halves', 'whole'])
  .default('halves')
  .describe("of the squared slope of a risk: the product of two halves' slopes, or the square of all's");

/** Of the mean risk of the environments with a penalty beside it, which weighs `before` at first. */
const penalised = (strength: number, anneal: number, before = 1) => ({
  strength: z.number().min(0).default(strength).describe('weight of the penalty, once it has it'),
  anneal: whole(0).default(anneal).describe(`updates in which the penalty weighs ${before}`),
  restart,
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
    estimator,
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
  sd: z.strictObject({
    name: z.literal('sd').describe('spectral decoupling: a penalty on squared logits (Pezeshki et al. 2021)'),
    strength: strength(0.1),
  }),
  coral: z.strictObject({
    name: z
      .literal('coral')
      .describe("means and covariances of environments' features alike (Sun & Saenko 2016)"),
    strength: strength(1),
  }),
  mmd: z.strictObject({
    name: z
      .literal('mmd')
      .describe("distributions of environments' features alike, by a kernel (Li et al. 2018)"),
    strength: strength(1),
  }),
  causirl_coral: z.strictObject({
    name: z
      .literal('causirl_coral')
      .describe('moments of the features of two random piles alike (Chevalley et al. 2022)'),
    strength: strength(1),
  }),
  causirl_mmd: z.strictObject({
    name: z
      .literal('causirl_mmd')
      .describe('distributions of the features of two random piles alike (Chevalley et al. 2022)'),
    strength: strength(1),
  }),
  ib_erm: z.strictObject({
    name: z.literal('ib_erm').describe('a penalty on the variance of features (Ahuja et al. 2021)'),
    ...penalised(100, 500, 0),
  }),
  ib_irm: z.strictObject({
    name: z
      .literal('ib_irm')
      .describe('invariant risk minimisation, and a penalty on the variance of features (Ahuja et al. 2021)'),
    strength: z.number().min(0).default(100).describe("weight of IRM's penalty, once it has it"),
    anneal: whole(0).default(500).describe("updates in which IRM's penalty weighs 1"),
    bottleneck_strength: z
      .number()
      .min(0)
      .default(100)
      .describe("weight of the features' variance, once it has it"),
    bottleneck_anneal: whole(0).default(500).describe("updates in which the features' variance weighs 0"),
    restart: restart.describe('whether the optimiser begins anew after these updates, and after those'),
    estimator,
  }),
  fishr: z.strictObject({
    name: z
      .literal('fishr')
      .describe('variances of gradients of the read-out alike in all environments (Ramé et al. 2022)'),
    ...penalised(1000, 1500, 0),
    ema: z
      .number()
      .min(0)
      .lt(1)
      .default(0.95)
      .describe('what a step leaves of the running mean of the variances'),
  }),
  eqrm: z.strictObject({
    name: z.literal('eqrm').describe('a quantile of the risks of environments (Eastwood et al. 2022)'),
    quantile: z.number().min(0.01).max(0.999).default(0.75).describe('its probability'),
    anneal: whole(0).default(2500).describe('updates of the mean risk, before those of the quantile'),
    restart,
    late_learning_rate: lateRate(1e-6),
    gradient: z
      .enum(['quantile', 'bracket'])
      .default('quantile')
      .describe('of the quantile itself, or of the bracket that it is searched in (as in DomainBed)'),
  }),
  rdm: z.strictObject({
    name: z
      .literal('rdm')
      .describe('losses of the worst environment distributed as those of all (Nguyen et al. 2024)'),
    strength: z
      .number()
      .min(0)
      .default(5)
      .describe('weight of the distance of distributions, once it has it'),
    variance: z.number().min(0).default(0.004).describe('weight of the variances of losses, once it has it'),
    anneal: whole(0).default(1500).describe('updates in which both weigh 0'),
    restart,
    late_learning_rate: lateRate(1.5e-5),
  }),
  mixup: z.strictObject({
    name: z.literal('mixup').describe('mixtures of examples of two environments (Yan et al. 2020)'),
    alpha: z
      .number()
      .min(0.01)
      .max(1000)
      .default(0.2)
      .describe('of the distribution Beta(alpha, alpha) that shares come from'),
  }),
  rsc: z.strictObject({
    name: z.literal('rsc').describe('the most used features muted (Huang et al. 2020)'),
    feature_drop: z
      .number()
      .min(0)
      .lt(1)
      .default(1 / 3)
      .describe('share of the features that is muted'),
    batch_drop: z
      .number()
      .min(0)
      .lt(1)
      .default(1 / 3)
      .describe('share of the examples, those that it changes most, of which features are muted'),
  }),
  mtl: z.strictObject({
    name: z
      .literal('mtl')
      .describe("a read-out that is told the mean of the environment's features (Blanchard et al. 2021)"),
    ema: z.number().gt(0).max(1).default(0.99).describe("weight of a step's mean in the running mean"),
    noise: z.boolean().default(false).describe('normal noise in place of that mean, which DomainBed loses'),
  }),
  cad: z.strictObject({
    name: z
      .literal('cad')
      .describe('examples of other environments as similar as those of the same (Ruan et al. 2022)'),
    ...contrastive,
  }),
  cond_cad: z.strictObject({
    name: z.literal('cond_cad').describe('the same among examples of one class (Ruan et al. 2022)'),
    ...contrastive,
  }),
  self_reg: z.strictObject({
    name: z
      .literal('self_reg')
      .describe('answers like those of other examples of the class, and of their mixtures (Kim et al. 2021)'),
    train_projection: z
      .boolean()
      .default(true)
      .describe('whether the projection of features is trained; in DomainBed it is not'),
  }),
  ...STEP_OBJECTIVES,
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
    OBJECTIVES.sd,
    OBJECTIVES.coral,
    OBJECTIVES.mmd,
    OBJECTIVES.causirl_coral,
    OBJECTIVES.causirl_mmd,
    OBJECTIVES.ib_erm,
    OBJECTIVES.ib_irm,
    OBJECTIVES.fishr,
    OBJECTIVES.eqrm,
    OBJECTIVES.rdm,
    OBJECTIVES.mixup,
    OBJECTIVES.rsc,
    OBJECTIVES.mtl,
    OBJECTIVES.cad,
    OBJECTIVES.cond_cad,
    OBJECTIVES.self_reg,
    ...STEP_SCHEMAS,
  ])
  .describe('what a training step makes smaller');
