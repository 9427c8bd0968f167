import * as z from 'zod';
import { whole } from '../fields.js';

/** What DomainBed asks a training for beside its dataset and its split: `${domainbed:NAME}` follows from it. */
export const domainBedSchema = z
  .strictObject({
    algorithm: z.string().min(1).default('ERM').describe('as DomainBed calls it: algorithm=irm sets it'),
    hparams_seed: whole(0, 0xffffffff).default(0).describe('which draw of hyper-parameters; 0: the defaults'),
    trial_seed: whole(0, 0xffffffff)
      .default(0)
      .describe('which repetition, with splits and draws of its own'),
  })
  .describe("DomainBed's names for a training");
