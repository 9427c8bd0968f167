import * as z from 'zod';
import { whole } from '../fields.js';

/** One number, or red, green and blue. */
const ofChannels = (number: z.ZodNumber) =>
  z.union([number, z.array(number).length(3)], 'must be a number, or three for red, green and blue');

export const normalise = z
  .strictObject({
    mean: ofChannels(z.number()).describe('taken off every number of an input; three: of each colour'),
    scale: ofChannels(z.number().gt(0)).describe('what the rest is divided by'),
  })
  .optional()
  .describe('how a model gets the images; absent: from 0 to 1');

export const side = whole(1, 1024).default(32).describe('pixels along each side');

export const channels = (usual: 1 | 3) =>
  z
    .union([z.literal(1), z.literal(3)], 'must be 1 or 3')
    .default(usual)
    .describe('1: brightness; 3: colours, and brightness three times where there are none');

export const fitting = (usual: 'pad' | 'resize') => ({
  fit: z
    .enum(['pad', 'resize'])
    .default(usual)
    .describe("how the files' images get that size: black pixels around them, or a bilinear filter"),
  crop: whole(1, 1024)
    .nullable()
    .default(null)
    .describe('pixels along each side of the middle part that is kept first; null: all'),
});

/** Published images with classes, in files of their original format. */
export function published<Name extends string>(
  name: Name,
  description: string,
  usual: { fit: 'pad' | 'resize'; channels: 1 | 3 },
) {
  return z.strictObject({
    name: z.literal(name).describe(description),
    side,
    channels: channels(usual.channels),
    ...fitting(usual.fit),
    normalise,
  });
}

/** How image files become squares of one size. */
export const squareFit = {
  side: whole(1, 1024).default(64).describe('pixels along each side'),
  fit: z
    .enum(['cover', 'squash'])
    .default('cover')
    .describe('cover: the middle square of an image; squash: all of it, out of proportion'),
  crop_share: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('cover: share of the shorter side that the middle square has'),
  channels: channels(3),
};

export const smallest = whole(1)
  .optional()
  .describe('pixels of the shorter side below which an image counts as damaged; absent: none does');
