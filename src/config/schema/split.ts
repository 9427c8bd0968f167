import * as z from 'zod';
import { whole } from './fields.js';

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
};

export const splitSchema = z
  .discriminatedUnion('rule', [SPLITS.random, SPLITS.composition, SPLITS.interpolation, SPLITS.extrapolation])
  .describe('which combinations of variables training never sees');
