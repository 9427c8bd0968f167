import * as z from 'zod';
import { whole } from '../fields.js';

const level = z.union([z.string(), z.number()]).transform(String);

const findings = z
  .strictObject({
    level: z.number().gt(0).lt(1).default(0.95).describe('coverage of intervals'),
    draws: whole(1, 1_000_000).default(2000).describe('of the bootstrap over domains'),
    domains: whole(2).default(5).describe('fewest domains trained on for a verdict'),
    networks: whole(3).default(8).describe('fewest networks of a domain for it to count'),
    metrics: z
      .array(z.string().min(1))
      .min(1)
      .default(['accuracy', 'cross_entropy', 'brier', 'ece', 'inferred_group_disparity'])
      .describe('metrics that are compared, beside accuracy under attack and corruption'),
    adversarial: z
      .array(z.string().min(1))
      .default(['apgd', 'pgd', 'fgsm', 'square', 'attack'])
      .describe('accuracy@NAME is accuracy under attack where NAME begins so, else under corruption'),
    mode: z
      .strictObject({
        factor: z.string().default('mode'),
        full: level.default('full'),
        head: level.default('head'),
      })
      .prefault({})
      .describe('the factor that says what is trained, and its levels'),
    shots: z
      .strictObject({
        factor: z.string().default('shots'),
        all: level.default('all'),
        few: level.default('10'),
      })
      .prefault({})
      .describe('the factor that says how much data there is, and two of its levels'),
  })
  .describe('the rule by which findings of the assay count as reproduced');

/** How runs that were trained on one environment each are analysed as transfer. */
export const transferSchema = z
  .strictObject({
    by: z.string().min(1).optional().describe('factor by whose levels things are also shown apart'),
    factors: whole(1, 50)
      .optional()
      .describe('factors of the factor analysis; absent: what parallel analysis finds'),
    findings: findings.optional(),
  })
  .optional()
  .describe('tables and figures of transfer: of runs trained on one environment and tested on all');

export type TransferChoice = NonNullable<z.infer<typeof transferSchema>>;
export type FindingsRule = z.infer<typeof findings>;
