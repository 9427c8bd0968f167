import * as z from 'zod';
import { whole } from '../fields.js';

export const generalisationSchema = z
  .strictObject({
    examples: whole(10).default(1000).describe('training examples whose answers are looked at, at most'),
    draws: whole(1, 1000).default(15).describe('of the noise on the weights'),
  })
  .describe(
    'measures of the network that may tell how it generalises: norms, margin, flatness (Jiang et al. 2020)',
  );
