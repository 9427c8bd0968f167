import * as z from 'zod';
import { whole } from '../fields.js';

const tau = z
  .number()
  .min(0)
  .max(1)
  .default(1)
  .describe('how far the signs of the gradients of all environments must agree, 0 .. 1');

const discriminatorRate = z
  .number()
  .gt(0)
  .max(10)
  .nullable()
  .default(null)
  .describe("size of the discriminator's steps; null: that of the optimiser");
const discriminatorWidth = (usual: number) =>
  whole(1, 65536).default(usual).describe("of the discriminator's hidden layers");

/** A discriminator that takes turns with the network, and Adam's numbers for both. */
const turns = (steps: number, layers: number) => ({
  discriminator_steps: whole(1).default(steps).describe('steps of the discriminator for each of the network'),
  beta1: z.number().min(0).lt(1).default(0.5).describe("Adam's decay of means, of both; beta2 is 0.9"),
  discriminator_rate: discriminatorRate,
  discriminator_decay: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .describe("added to the discriminator's gradient, times the parameter"),
  width: discriminatorWidth(256),
  depth: whole(1, 100).default(layers).describe("the discriminator's dense layers"),
});

const adversarial = {
  strength: z.number().min(0).default(1).describe("weight of the discriminator's loss in the network's"),
  ...turns(1, 3),
  gradient_penalty: z
    .number()
    .min(0)
    .default(0)
    .describe("weight of the squared slope of the discriminator's losses in what it reads"),
};

/** Objectives that make updates of their own, or train networks of their own: see `src/objectives/environments/`. */
export const STEP_OBJECTIVES = {
  and_mask: z.strictObject({
    name: z
      .literal('and_mask')
      .describe('updates where environments agree in sign (Parascandolo et al. 2021)'),
    tau,
  }),
  sand_mask: z.strictObject({
    name: z
      .literal('sand_mask')
      .describe('updates by how far environments agree in sign and size (Shahtalebi et al. 2021)'),
    tau: tau.describe('how far signs must agree, 0 .. 1; with 1 nothing is ever updated'),
    k: z.number().min(0).default(10).describe('how fast an element counts fully'),
  }),
  iga: z.strictObject({
    name: z.literal('iga').describe('gradients of all environments alike (Koyama & Yamaguchi 2020)'),
    strength: z.number().min(0).default(1000).describe('weight of their squared distances from their mean'),
  }),
  fish: z.strictObject({
    name: z.literal('fish').describe('steps towards where environments lead in turn (Shi et al. 2022)'),
    meta_rate: z.number().gt(0).max(1).default(0.5).describe('share of the way that is gone'),
  }),
  mldg: z.strictObject({
    name: z.literal('mldg').describe('steps that help other environments, too (Li et al. 2018)'),
    beta: z.number().min(0).default(1).describe('weight of the other environments'),
    tests: whole(1).default(2).describe('environments of a step that are for the meta-test'),
  }),
  dann: z.strictObject({
    name: z.literal('dann').describe('features that hide the environment (Ganin et al. 2016)'),
    ...adversarial,
  }),
  cdann: z.strictObject({
    name: z.literal('cdann').describe('features that hide the environment of a class (Li et al. 2018)'),
    ...adversarial,
  }),
  sagnet: z.strictObject({
    name: z.literal('sagnet').describe('content apart from style (Nam et al. 2021)'),
    strength: z.number().min(0).default(0.1).describe('weight of what makes style say nothing of the class'),
  }),
  urm: z.strictObject({
    name: z.literal('urm').describe('features like uniform noise (Krishnamachari et al. 2024)'),
    strength: z.number().min(0).default(0.1).describe('weight of the losses on features'),
    output: z.enum(['tanh', 'relu']).default('tanh').describe('what bounds the features'),
    width: discriminatorWidth(100),
    hidden_layers: whole(0, 100).default(1).describe("the discriminator's hidden layers beyond the first"),
    discriminator_rate: discriminatorRate,
  }),
  transfer: z.strictObject({
    name: z
      .literal('transfer')
      .describe('risks as alike as an adversarial read-out allows (Zhang et al. 2021)'),
    strength: z.number().min(0).default(1).describe('weight of the gap between the risks'),
    delta: z.number().min(0).default(2).describe('how far the adversary may be from the read-out'),
    adversary_steps: whole(1, 1000).default(10).describe("the adversary's steps in each of the network"),
    adversary_rate: z.number().gt(0).max(10).default(1e-3).describe('size of these steps'),
    trains: z
      .enum(['network', 'adversary'])
      .default('network')
      .describe('what the optimiser has; adversary: as in DomainBed with gda, so that nothing is trained'),
  }),
  erm_plus_plus: z.strictObject({
    name: z
      .literal('erm_plus_plus')
      .describe('cross-entropy: the read-out first, and the mean of the weights (Teterwak et al. 2023)'),
    warmup_rate: z.number().gt(0).max(10).default(5e-5).describe('size of the steps of the read-out alone'),
    warmup_steps: whole(0).default(500).describe('these steps, less one'),
    average_from: whole(2)
      .default(600)
      .describe('the update, from 1, whose weights are the second of the mean'),
  }),
  trm: z.strictObject({
    name: z
      .literal('trm')
      .describe("features of which each environment's read-out serves others (Xu & Jaakkola 2021)"),
    anneal: whole(0).default(200).describe('updates of cross-entropy alone, before the rest begins'),
    alignment: z.number().min(0).default(1e-4).describe('weight of the alignment of gradients'),
    eta: z.number().gt(0).max(10).default(0.01).describe('how fast shares of environments follow the risks'),
    slips: z.boolean().default(false).describe("with two slips of DomainBed's, which change values in place"),
  }),
  adrmx: z.strictObject({
    name: z
      .literal('adrmx')
      .describe('features of the class, apart from those of the environment (Demirel et al. 2023)'),
    strength: z.number().min(0).default(0.75).describe("weight of the discriminator's loss in the network's"),
    contrast: z.number().min(0).default(1).describe('weight of the contrast between classes'),
    domains: z.number().min(0).default(1).describe('weight of the loss of telling environments'),
    remix: z.number().min(0).default(1).describe('weight of the loss of mixed features'),
    ...turns(2, 9),
    pairs: z
      .enum(['class', 'places'])
      .default('class')
      .describe('what is mixed: two rows of a class, or rows at two places in its list, as in DomainBed'),
  }),
  arm: z.strictObject({
    name: z
      .literal('arm')
      .describe('inputs beside a context, the mean over the environment (Zhang et al. 2021)'),
    context: whole(1, 64)
      .default(1)
      .describe('channels of an image, or numbers, that are appended to an input'),
    width: whole(1, 65536).default(64).describe("of the context net's hidden layers"),
    train_context: z
      .boolean()
      .default(true)
      .describe('whether the context net is trained; in DomainBed it is not'),
  }),
};

/** The same in a row. */
export const STEP_SCHEMAS = [
  STEP_OBJECTIVES.and_mask,
  STEP_OBJECTIVES.sand_mask,
  STEP_OBJECTIVES.iga,
  STEP_OBJECTIVES.fish,
  STEP_OBJECTIVES.mldg,
  STEP_OBJECTIVES.dann,
  STEP_OBJECTIVES.cdann,
  STEP_OBJECTIVES.sagnet,
  STEP_OBJECTIVES.urm,
  STEP_OBJECTIVES.transfer,
  STEP_OBJECTIVES.erm_plus_plus,
  STEP_OBJECTIVES.trm,
  STEP_OBJECTIVES.adrmx,
  STEP_OBJECTIVES.arm,
] as const;
