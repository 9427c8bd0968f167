import * as z from 'zod';
import { whole } from '../fields.js';

/** One entry per protocol: its options in `configs/protocol/`, by `name`. */
export const PROTOCOLS = {
  supervised: z.strictObject({
    name: z.literal('supervised').describe('train on the training set, then evaluate'),
  }),
  reference: z.strictObject({
    name: z.literal('reference').describe('evaluate a reference, without training'),
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
};

export const protocolSchema = z
  .discriminatedUnion('name', [PROTOCOLS.supervised, PROTOCOLS.reference, PROTOCOLS.pruned])
  .describe('what one job does, in which order');
