import * as z from 'zod';

const ofRuns = z
  .strictObject({
    model: z.string(),
    split: z.string(),
    dataset: z.string().optional().describe('needed where the study has several'),
    set: z.string().default('test'),
    metric: z.string().default('r2'),
    group: z.record(z.string(), z.string()).default({}),
  })
  .describe('a number of some runs: its mean over their seeds');

const ofTable = z
  .strictObject({
    table: z.string().describe('name of its files without ending: accuracy-within-gap'),
    section: z.string().optional().describe('heading above the row, where rows of several have one name'),
    row: z.array(z.string()).min(1).describe('the leading cells of the row: ["two heads"]'),
    column: z.string().describe('as the Markdown has it: "|DDP| ≤ 0.01: accuracy"'),
  })
  .describe('what a table of the study shows in a cell');

const quantity = z.union([ofRuns, ofTable]);

/** A number of some runs: its mean over their seeds. */
export type NumberOfRuns = z.infer<typeof ofRuns>;
/** What a table of the study shows in a cell. */
export type NumberOfTable = z.infer<typeof ofTable>;
export type Quantity = z.infer<typeof quantity>;

export const isOfTable = (item: Quantity): item is NumberOfTable => 'table' in item;

const expectation = z
  .strictObject({
    claim: z.string().describe('in words'),
    source: z.string().describe('where the number or the claim is from'),
    value: quantity,
    minus: quantity.optional().describe('the difference to this is meant'),
    over: quantity.optional().describe('the ratio to this is meant'),
    near: z.number().optional(),
    tolerance: z.number().positive().optional(),
    at_least: z.number().optional(),
    at_most: z.number().optional(),
    not_above: quantity.optional().describe('the mean must not lie above the mean of this'),
    intervals_apart: z.boolean().default(false).describe('95 % intervals of value and minus must not touch'),
    effect: z
      .number()
      .positive()
      .optional()
      .describe('difference that a paper reports; the rule is then that of `judgeEffect`, on pairs of seeds'),
    scale: z.string().optional().describe('at which it is asked here'),
    outcome: z
      .enum(['reproduced', 'not reproduced', 'undecided'])
      .optional()
      .describe('what a claim of a paper came to here: that it comes to the same is what is checked'),
  })
  .refine(
    ({ effect, value, minus }) =>
      effect === undefined || !(isOfTable(value) || minus === undefined || isOfTable(minus)),
    'an effect is judged on pairs of seeds: value and minus name models, not cells of tables',
  );

/** `expected.json` of an experiment: what should come out, and where that is known from. */
export const expectationsSchema = z.strictObject({
  study: z.string(),
  expectations: z.array(expectation).min(1),
});

export type Expectations = z.infer<typeof expectationsSchema>;
export type Expectation = Expectations['expectations'][number];

/** Names of all tables that a claim is about. */
export function listTables({ expectations }: Expectations): string[] {
  const items = expectations.flatMap(({ value, minus, over, not_above }) => [value, minus, over, not_above]);
  return [...new Set(items.flatMap((item) => (item !== undefined && isOfTable(item) ? [item.table] : [])))];
}
