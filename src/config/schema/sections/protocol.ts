import * as z from 'zod';
import { folderName, whole } from '../fields.js';
import { datasetSchema } from './dataset.js';
import { splitSchema } from './split.js';

/** One entry per protocol: its options in `configs/protocol/`, by `name`. */
export const PROTOCOLS = {
  supervised: z.strictObject({
    name: z.literal('supervised').describe('train on the training set, then evaluate'),
  }),
  reference: z.strictObject({
    name: z.literal('reference').describe('evaluate a reference, without training'),
  }),
  fitted: z.strictObject({
    name: z.literal('fitted').describe('fit a model that is no network to the training set, then evaluate'),
  }),
  pruned: z.strictObject({
    name: z
      .literal('pruned')
      .describe('evaluate what is left of a trained circuit with model.processors of its processors'),
    of: z
      .string()
      .regex(/^[0-9a-f]{10}$/, 'must be the id of a run: 10 hex digits')
      .describe('run whose circuit it is'),
    order: z
      .enum(['degree', 'random', 'hubs-first'])
      .default('degree')
      .describe('which processors go first: those with the fewest links, drawn ones, or hubs'),
    seed: whole(0, 0xffffffff).default(0).describe('of the order random'),
    draw: whole(0).default(0).describe('which of the random choices of that seed'),
  }),
  adapt: z.strictObject({
    name: z.literal('adapt').describe('train on with the weights of another run, on a few examples'),
    from: folderName().describe(
      'the run: its name, or a study, which has one with this model and from_seed; its plan names the run',
    ),
    from_seed: whole(0, 0xffffffff).default(0).describe('seed of the run in that study'),
    mode: z
      .enum(['full', 'head'])
      .default('full')
      .describe('what is trained: all parameters, or those of the output layer, which is new, alone'),
    shots: whole(1)
      .nullable()
      .default(null)
      .describe('training examples of each class; null: all that the split has'),
    draw: whole(0, 0xffffffff).default(0).describe('which of them: the same ones for all models'),
    rates: z
      .array(z.number().gt(0).max(10))
      .default([])
      .describe('learning rates to choose from on the validation set; none: that of the optimiser'),
  }),
  merged: z.strictObject({
    name: z
      .literal('merged')
      .describe('put the heads of a two-headed run together into one, and evaluate it'),
    from: z
      .string()
      .regex(/^[0-9a-f]{10}$/, 'must be the id of a run: 10 hex digits')
      .describe('run whose heads they are'),
    weights: z
      .array(z.number())
      .min(1)
      .max(64)
      .describe('of the outputs of the second head, beside 1 for that of the target: one, or one per group'),
    constant: z.number().describe('what is added to the sum'),
  }),
  averaged: z.strictObject({
    name: z.literal('averaged').describe('evaluate the mean of several runs'),
    from: z
      .array(z.string().regex(/^[0-9a-f]{10}$/, 'must be the id of a run: 10 hex digits'))
      .min(2)
      .describe('runs whose mean it is'),
    of: z
      .enum(['weights', 'logits'])
      .describe('one network with their mean weights, or all of them, whose outputs are averaged'),
    choose: z
      .enum(['all', 'greedy'])
      .default('all')
      .describe('of weights: all, or those without which the accuracy on the set validation is less'),
  }),
  dfr: z.strictObject({
    name: z.literal('dfr').describe('fit the read-out of another run anew to group-balanced examples'),
    from: z
      .string()
      .regex(/^[0-9a-f]{10}$/, 'must be the id of a run: 10 hex digits')
      .describe('run whose network it is'),
    set: z.string().min(1).describe('set that it is fitted to: neither validation nor one for testing'),
    group: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'variable whose levels are balanced, with the classes; null: the protected one, or the environment',
      ),
    c: z.number().gt(0).default(1).describe('what the losses weigh beside the l1 penalty'),
    draws: whole(1, 1000).default(10).describe('group-balanced draws, whose fits are averaged'),
  }),
  functions: z.strictObject({
    name: z
      .literal('functions')
      .describe('take up a trained neural interpreter with functions removed and added, then evaluate it'),
    from: z
      .string()
      .regex(/^[0-9a-f]{10}$/, 'must be the id of a run: 10 hex digits')
      .describe('run whose interpreter it is'),
    remove: z
      .array(whole(0))
      .default([])
      .describe('functions that are removed from every script, counted from 0'),
    start: z
      .enum(['random', 'copies'])
      .default('random')
      .describe('added functions (model.added) start at random, or as copies of those that are left'),
    train: z.boolean().default(false).describe('whether it is trained on before it is evaluated'),
  }),
  evaluated: z.strictObject({
    name: z
      .literal('evaluated')
      .describe('evaluate what another run has trained, on data or by measures of its own'),
    from: z
      .string()
      .regex(/^[0-9a-f]{10}$/, 'must be the id of a run: 10 hex digits')
      .describe('run that was trained'),
    checkpoint: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256: 64 hex digits')
      .describe('SHA-256 of its weights.safetensors'),
    dataset: datasetSchema.describe('what it was trained on'),
    split: splitSchema.describe('which part of that it was trained on'),
  }),
};

export const protocolSchema = z
  .discriminatedUnion('name', [
    PROTOCOLS.supervised,
    PROTOCOLS.reference,
    PROTOCOLS.fitted,
    PROTOCOLS.pruned,
    PROTOCOLS.adapt,
    PROTOCOLS.merged,
    PROTOCOLS.averaged,
    PROTOCOLS.dfr,
    PROTOCOLS.functions,
    PROTOCOLS.evaluated,
  ])
  .describe('what one job does, in which order');
