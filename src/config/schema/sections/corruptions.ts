import * as z from 'zod';
import { whole } from '../fields.js';

/** The corruptions of ImageNet-C, by its names, in its order. */
export const CORRUPTIONS = [
  'gaussian_noise',
  'shot_noise',
  'impulse_noise',
  'speckle_noise',
  'gaussian_blur',
  'defocus_blur',
  'glass_blur',
  'motion_blur',
  'zoom_blur',
  'snow',
  'frost',
  'fog',
  'brightness',
  'contrast',
  'saturate',
  'spatter',
  'elastic_transform',
  'pixelate',
  'jpeg_compression',
] as const;

/** For images of the size of photographs, and for those of about 32 pixels. */
export const CORRUPTION_SCALES = ['imagenet', 'cifar'] as const;

export const corruptionsSchema = z
  .strictObject({
    kinds: z
      .union(
        [z.literal('all'), z.literal('assay'), z.array(z.enum(CORRUPTIONS)).min(1)],
        `must be all, assay (all but glass_blur and frost), or a list of ${CORRUPTIONS.join(', ')}`,
      )
      .default('all')
      .describe('corruptions of ImageNet-C; all has frost where there are images of it'),
    severities: z
      .array(whole(1, 5))
      .min(1)
      .refine((all) => new Set(all).size === all.length, 'must have each severity once')
      .default([1, 2, 3, 4, 5])
      .describe('how much, from 1 to 5'),
    sets: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('sets that are corrupted; the one for testing whose levels training has seen unless given'),
    examples: whole(1)
      .optional()
      .describe('examples of every set, at most; those that are scored unless given'),
    scale: z
      .enum(['auto', ...CORRUPTION_SCALES])
      .default('auto')
      .describe('constants of ImageNet-C, or of CIFAR-10-C; auto: cifar up to 64 pixels'),
    frost: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('folder of photographs of frost, from paths.data when relative'),
    too_small: z
      .enum(['refuse', 'skip'])
      .default('refuse')
      .describe('what happens to kinds that images are too small for'),
    combine: z
      .boolean()
      .default(false)
      .describe('also score, for each severity, the predictions on all kinds together'),
    seed: whole(0, 0xffffffff).default(0).describe('draws noise, snow and the like: equal for all models'),
  })
  .describe('scores on corrupted images');
