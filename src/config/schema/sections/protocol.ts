import * as z from 'zod';

/** One entry per protocol: its options in `configs/protocol/`, by `name`. */
export const PROTOCOLS = {
  supervised: z.strictObject({
    name: z.literal('supervised').describe('train on the training set, then evaluate'),
  }),
  reference: z.strictObject({
    name: z.literal('reference').describe('evaluate a reference, without training'),
  }),
};

export const protocolSchema = z
  .discriminatedUnion('name', [PROTOCOLS.supervised, PROTOCOLS.reference])
  .describe('what one job does, in which order');
