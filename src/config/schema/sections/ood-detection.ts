import * as z from 'zod';
import { whole } from '../fields.js';

export const DETECTION_SCORES = ['msp', 'energy', 'mahalanobis', 'knn', 'vim'] as const;

export const oodDetectionSchema = z
  .strictObject({
    scores: z
      .array(z.enum(DETECTION_SCORES))
      .min(1)
      .default([...DETECTION_SCORES])
      .describe('what says how much an example is like those of training'),
    in: z
      .string()
      .min(1)
      .optional()
      .describe('the set in distribution; the one for testing whose levels training has seen unless given'),
    out: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('sets that are to be told from it; all others for testing unless given'),
    target: z
      .string()
      .min(1)
      .optional()
      .describe('the target whose classes are looked at; needed where several have classes'),
    temperature: z.number().gt(0).default(1).describe('energy: what logits are divided by'),
    neighbours: whole(1, 4096).default(50).describe('knn: which of the nearest training examples counts'),
  })
  .describe('how well test examples are told from those of other sets');
