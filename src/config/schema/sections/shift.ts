import * as z from 'zod';
import { whole } from '../fields.js';

const threshold = (usual: number) => z.number().min(0).max(1).default(usual);

export const shiftSchema = z
  .strictObject({
    from: z.string().min(1).default('train').describe('the set that others are compared with'),
    to: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('sets that are compared with it; all for testing unless given'),
    target: z
      .string()
      .min(1)
      .optional()
      .describe('the target whose classes are looked at; needed where several have classes'),
    examples: whole(10).default(10_000).describe('examples of either set, at most, a fifth of them held out'),
    epochs: whole(1, 1000).default(10).describe('passes of the classifier over the examples'),
    batch_size: whole(1, 65536).default(32).describe('examples of either set in one update'),
    width: whole(1, 64).default(8).describe('features of which densities are estimated'),
    points: whole(10, 1_000_000).default(10_000).describe('of the integrals'),
    calibrate: z
      .boolean()
      .default(false)
      .describe('find the thresholds at which the shift of sets that are mixed is nearly 0'),
    diversity_threshold: threshold(1e-12).describe('a density below it is none'),
    correlation_threshold: threshold(5e-4).describe('densities above it are compared by class'),
  })
  .describe(
    'how far the examples of sets are from those of another: diversity and correlation shift (Ye et al. 2022)',
  );

export type ShiftConfig = z.infer<typeof shiftSchema>;
