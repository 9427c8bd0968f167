import * as z from 'zod';
import { whole } from '../fields.js';

const matching = z
  .strictObject({
    truncation: z
      .number()
      .gt(0)
      .max(2)
      .default(1.42)
      .describe("cosine distance of a token's type from a signature at which the function leaves it alone"),
    straight_through: z
      .boolean()
      .default(true)
      .describe('whether the gradient passes the truncation, for tokens that some function gets'),
    learn_bandwidth: z.boolean().default(true).describe('whether the reach of signatures is learned, or 1'),
  })
  .prefault({})
  .describe('which functions work on a token');

/** A Neural Interpreter. */
export const neuralInterpreterSchema = z.strictObject({
  name: z
    .literal('neural_interpreter')
    .describe('neural interpreter: tokens choose functions by their types (Rahaman et al. 2021)'),
  patch: whole(1, 256).default(4).describe('pixels along each side of a patch of the image'),
  width: whole(1, 65536).default(192).describe('numbers in a token'),
  code_width: whole(1, 65536).default(192).describe('numbers in the code of a function'),
  type_width: whole(2, 4096).default(24).describe('numbers in a type and in a signature'),
  scripts: whole(1, 64).default(1).describe('function interpreters one after the other'),
  iterations: whole(1, 256).default(8).describe('how often a script applies its functions'),
  functions: whole(1, 1024).default(5).describe('functions of a script; each has a signature and a code'),
  added: whole(0, 1024)
    .default(0)
    .describe('functions added after training (protocol=functions), with tables of their own: */added/*'),
  lines: whole(1, 16).default(1).describe('lines of code in a function: attention and feed-forward layer'),
  heads: whole(1, 256).default(4).describe('of the attention in a function'),
  head_width: whole(1, 4096).default(32).describe('numbers in the query of a head'),
  expansion: z.number().gt(0).max(64).default(1).describe('hidden units of feed-forward layers, in widths'),
  matching,
  train_signatures: z
    .boolean()
    .default(false)
    .describe('whether signatures are learned; else they stay as they were drawn'),
  positions: z
    .enum(['relative', 'learned', 'none'])
    .default('relative')
    .describe('how places of patches are known: by a bias of attention, or by numbers added to them'),
  class_tokens: z
    .enum(['shared', 'per_target'])
    .default('shared')
    .describe('tokens that answers are read from: one for all targets, or one for each'),
});
