import * as z from 'zod';
import { folderName } from '../fields.js';
import { transferSchema } from './transfer.js';

const pair = {
  model: z.string().describe('as tables call it'),
  baseline: z.string().describe('what it is compared with'),
};

const comparisons = z
  .strictObject({
    metric: z
      .enum(['accuracy', 'worst_group_accuracy', 'r2'])
      .default('accuracy')
      .describe('what is compared'),
    sets: z.array(z.string()).min(1).describe('sets on which it is'),
    pairs: z.array(z.strictObject(pair)).min(1).describe('models that are compared, seed by seed'),
    primary: z
      .strictObject({
        ...pair,
        set: z.string(),
        dataset: z.string().optional().describe('needed where the study has several'),
        effect: z.number().gt(0).describe('difference that the paper reports'),
        source: z.string().describe('where it does'),
      })
      .nullable()
      .default(null)
      .describe('the one comparison that a verdict is given for, named before any run'),
    sound: z
      .strictObject({ set: z.string(), at_least: z.number() })
      .optional()
      .describe('what each model must reach on a set before the verdict says anything'),
    verdict: z
      .boolean()
      .default(true)
      .describe('whether this size of the study may give a verdict; else it says that it is too small'),
  })
  .describe('paired comparisons of models');

const selection = z
  .strictObject({
    key: z.string().describe('axis whose best value is chosen for each model'),
    metric: z.enum(['accuracy', 'r2']).default('accuracy').describe('what is highest for it, on validation'),
    into: z.string().min(1).describe('folder of experiments/ that gets a YAML for each model'),
  })
  .describe('what `choose` chooses by the validation set');

export const studySchema = z
  .strictObject({
    name: folderName().default('single').describe('folder of its runs, tables and figures in paths.results'),
    alias: z.array(folderName()).default([]).describe('other names under which commands find it'),
    title: z.string().max(500).default('').describe('heading of its tables and figures'),
    comparisons: comparisons.nullable().default(null),
    selection: selection.nullable().default(null),
    corruption_baseline: z
      .string()
      .optional()
      .describe(
        'the model, as tables call it, in multiples of whose errors corruption-errors shows those of others',
      ),
    transfer: transferSchema,
    group_set: z.string().default('test').describe('the set whose groups the table group-metrics compares'),
  })
  .describe('what the runs belong to');

export type Comparisons = z.infer<typeof comparisons>;
export type Selection = z.infer<typeof selection>;
