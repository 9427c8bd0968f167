import * as z from 'zod';
import { whole } from '../fields.js';

/** What DomainBed asks a training for beside its dataset and its split: `${domainbed:NAME}` follows from it. */
export const domainBedSchema = z
  .strictObject({
    algorithm: z.string().min(1).default('ERM').describe('as DomainBed calls it: algorithm=irm sets it'),
    as: z
      .string()
      .min(1)
      .optional()
      .describe(
        'what tables call it, where it is not one of DomainBed: algorithm=swad sets it; absent: algorithm',
      ),
    hparams_seed: whole(0, 0xffffffff).default(0).describe('which draw of hyper-parameters; 0: the defaults'),
    trial_seed: whole(0, 0xffffffff)
      .default(0)
      .describe('which repetition, with splits and draws of its own'),
    hparams: z
      .record(z.string(), z.union([z.number(), z.boolean(), z.string()]))
      .optional()
      .describe("hyper-parameters by DomainBed's names, in place of what is drawn: {irm_lambda: 1000}"),
  })
  .describe("DomainBed's names for a training");
