import * as z from 'zod';
import { folderName, whole } from '../fields.js';
import { listOrOne } from './tables.js';

function splitRule<Rule extends string, Own extends z.ZodRawShape>(
  rule: Rule,
  description: string,
  own: Own,
) {
  return z.strictObject({
    rule: z.literal(rule).describe(description),
    ...own,
    fixed: z.array(z.string()).default([]).describe('factors that are never split'),
    share: z.number().gt(0).lt(1).default(0.2).describe('held-out share r of the levels of each factor'),
  });
}

type Statement = string | number | Statement[] | { [word: string]: Statement };
const statement: z.ZodType<Statement> = z.union(
  [
    z.string(),
    z.number(),
    z.array(z.lazy(() => statement)),
    z.record(
      z.string(),
      z.lazy(() => statement),
    ),
  ],
  'must be levels of a variable, or statements',
);

/** Environments by index or name; one stands for a list of one. */
const environments = (description: string) =>
  listOrOne(
    z.union([whole(0), z.string().min(1)]),
    'must be an index or a name of an environment, or a list of them',
  )
    .optional()
    .describe(description);

/** One entry per rule: its options in `configs/split/`, by `rule`. */
export const SPLITS = {
  random: splitRule('random', 'examples at random, as many for test as extrapolation has', {
    seed: whole(0, 0xffffffff).default(0).describe("seed of numpy's RandomState"),
  }),
  composition: splitRule('composition', 'every level is seen, but not every combination of levels', {
    composition_share: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe('share of low levels per factor; follows from share where it is not given'),
  }),
  interpolation: splitRule('interpolation', 'levels between others are held out', {}),
  extrapolation: splitRule('extrapolation', 'the highest levels are held out', {}),
  statement: z.strictObject({
    rule: z.literal('statement').describe('every set has a statement about variables of its own'),
    sets: z
      .record(folderName(), z.record(z.string(), statement))
      .describe('by name, train among them: {shape: [square]}, or {of: train, share: 0.1} for a random part'),
    seed: whole(0, 0xffffffff).default(0).describe('draws the random parts'),
  }),
  stratified: z.strictObject({
    rule: z.literal('stratified').describe('random sets in which every stratum has its share'),
    shares: z
      .record(folderName(), z.number().gt(0).max(1))
      .refine((shares) => 'train' in shares, "must have a share of 'train'")
      .describe('by name of the set, train among them; together at most 1'),
    by: z
      .array(z.string())
      .nullable()
      .default(null)
      .describe(
        'variables whose joint levels are the strata; null: target and protected ones of the dataset',
      ),
    seed: whole(0, 0xffffffff).default(0).describe('draws the sets'),
  }),
  domains: z.strictObject({
    rule: z.literal('domains').describe('environments that training never sees'),
    test: environments('environments to test on, by index or name; training sees all others'),
    train: environments('the environments to train on, by index or name, in place of test'),
    holdout: z
      .number()
      .min(0)
      .lt(1)
      .default(0.2)
      .describe('share of every environment that is kept from training, to choose by'),
    uda: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe('share of the test environments that is given to adaptation without labels'),
    trial: whole(0, 0x7fffffff).default(0).describe('draws the shares, and the shots'),
    parts: z
      .boolean()
      .default(true)
      .describe('whether a dataset with the variable part keeps its parts train, validation and test'),
    limit: whole(1).optional().describe('training examples of an environment, at most; absent: all'),
    shots: z
      .union([whole(1), z.literal('all')], "must be a whole number from 1, or 'all'")
      .optional()
      .describe('training examples of each class of an environment; absent: all'),
  }),
};

export const splitSchema = z
  .discriminatedUnion('rule', [
    SPLITS.random,
    SPLITS.composition,
    SPLITS.interpolation,
    SPLITS.extrapolation,
    SPLITS.statement,
    SPLITS.stratified,
    SPLITS.domains,
  ])
  .describe('which combinations of variables training never sees');
