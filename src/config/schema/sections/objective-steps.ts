import * as z from 'zod';
import { whole } from '../fields.js';

const tau = z
  .number()
  .min(0)
  .max(1)
  .default(1)
  .describe('how far the signs of the gradients of all environments must agree, 0 .. 1');

/** A discriminator that takes turns with the network, and Adam's numbers for both. */
const turns = (steps: number, layers: number) => ({
  discriminator_steps: whole(1).default(steps).describe('steps of the discriminator for each of the network'),
  beta1: z.number().min(0).lt(1).default(0.5).describe("Adam's decay of means, of both; beta2 is 0.9"),
  discriminator_rate: z
    .number()
    .gt(0)
    .max(10)
    .nullable()
    .default(null)
    .describe("size of the discriminator's steps; null: that of the optimiser"),
  discriminator_decay: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .describe("added to the discriminator's gradient, times the parameter"),
  width: whole(1, 65536).default(256).describe("of the discriminator's hidden layers"),
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

/** Objectives that make updates of their own, or train networks of their own: see `src/objectives/steps/`. */
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
};
