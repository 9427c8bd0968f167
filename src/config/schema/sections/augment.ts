import * as z from 'zod';
import { whole } from '../fields.js';

const probability = (usual: number) => z.number().min(0).max(1).default(usual);

/** Least and largest. */
const range = (usual: [number, number], most: number) =>
  z
    .tuple([z.number().gt(0).max(most), z.number().gt(0).max(most)])
    .refine(([least, largest]) => least <= largest, 'must have the smaller number first')
    .default(usual);

const interpolation = z
  .enum(['bilinear', 'bicubic', 'random'])
  .default('random')
  .describe('filter between pixels; random: one of them each time');

/** What is done to the images of training batches; timm's defaults where it has them. */
export const augmentSchema = z
  .strictObject({
    crop: z
      .strictObject({
        scale: range([0.08, 1], 1).describe("share of the image's area"),
        ratio: range([3 / 4, 4 / 3], 100).describe('width over height'),
        interpolation,
      })
      .nullable()
      .default(null)
      .describe('a random part, made as large as the image'),
    shift: whole(0, 256).default(0).describe('pixels by which an image is moved at most, on black'),
    flip: probability(0).describe('probability of a mirror image'),
    rand_augment: z
      .strictObject({
        layers: whole(1, 16).default(2).describe('transforms drawn for each image'),
        magnitude: z.number().min(0).max(10).default(9).describe('how much each changes, on average'),
        deviation: z.number().min(0).max(10).default(0.5).describe('of the magnitude'),
        probability: probability(0.5).describe('that a transform that was drawn is done'),
        interpolation,
      })
      .nullable()
      .default(null)
      .describe('RandAugment (Cubuk et al. 2020)'),
    colour_jitter: z
      .number()
      .gt(0)
      .max(1)
      .nullable()
      .default(null)
      .describe('brightness, contrast and colour: how far from 1 their factors lie at most'),
    aug_mix: z
      .strictObject({
        magnitude: z.number().min(0).max(10).default(3).describe('how much a transform changes, at most'),
        width: whole(1, 16).default(3).describe('chains of transforms that are mixed'),
        depth: whole(0, 16).default(0).describe('transforms of a chain; 0: one to three'),
        concentration: z
          .number()
          .gt(0)
          .max(100)
          .default(1)
          .describe('of the distributions that the shares of chains and image come from'),
      })
      .optional()
      .describe('AugMix (Hendrycks et al. 2020), blended; absent: none'),
    grey: z.number().min(0).max(1).optional().describe('probability that an image loses its colours'),
    erase: z
      .strictObject({
        probability: probability(0.25).describe('that something of an image is erased'),
        area: range([0.02, 1 / 3], 1).describe("share of the image's area"),
        mode: z
          .enum(['pixel', 'colour', 'zero'])
          .default('pixel')
          .describe('normal noise, one normal colour, or zeros, where numbers are as a model gets them'),
      })
      .nullable()
      .default(null)
      .describe('random erasing (Zhong et al. 2020)'),
    mix: z
      .strictObject({
        mixup: z.number().min(0).max(100).default(0.8).describe('concentration of Mixup; 0: none'),
        cutmix: z.number().min(0).max(100).default(1).describe('concentration of CutMix; 0: none'),
        probability: probability(1).describe('that a batch is mixed'),
        switch_probability: probability(0.5).describe('of CutMix, where there are both'),
      })
      .refine(({ mixup, cutmix }) => mixup > 0 || cutmix > 0, 'needs mixup or cutmix above 0')
      .nullable()
      .default(null)
      .describe('two images of a batch become one, and their classes too'),
    repeats: whole(1, 64)
      .default(1)
      .describe('how often an example stands in a batch, each time changed otherwise (Hoffer et al. 2020)'),
    fill: whole(0, 255)
      .default(128)
      .describe('byte that stands where a turned or moved image does not reach'),
  })
  .optional()
  .describe('what is done to the images of training batches; absent: nothing');
