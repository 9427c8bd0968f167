import * as z from 'zod';

export const unset = (description: string) =>
  z.string().min(1).nullable().default(null).describe(description);

export const oneOrMore = (description: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)], 'must be a name, or a list of names')
    .nullable()
    .default(null)
    .describe(description);

/** A list, of which one item may stand for itself: both are the same config. */
export const listOrOne = <Item extends z.ZodType>(item: Item, message: string) =>
  z
    .union([item, z.array(item)], message)
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<Item>[]);

export const protectedPositive = oneOrMore(
  'levels of the first protected variable, which become them against all others; null: its levels as they are',
);

/** What every dataset of columns has. */
const columnChoices = {
  protected_positive: protectedPositive,
  use_protected: z.boolean().default(false).describe('whether protected columns are inputs, too'),
  missing: z
    .enum(['drop', 'level'])
    .default('drop')
    .describe(
      'drop: rows with a missing value are left out; level: it is a level of its own, or the train mean',
    ),
  columns: z
    .record(z.string(), z.enum(['numeric', 'log1p', 'categorical', 'ordinal', 'drop']))
    .nullable()
    .default(null)
    .describe('what columns are to a model, by name; null: what the dataset takes them for'),
};

const unknownLevels = z
  .enum(['error', 'zero'])
  .default('error')
  .describe('what levels are that only the second file has: an error, or none of the levels');

const protectedOf = <const Names extends readonly [string, ...string[]]>(
  names: Names,
  usual: Names[number],
) =>
  listOrOne(z.enum(names), `must be ${names.join(' or ')}, or a list of them`)
    .refine((all) => new Set(all).size === all.length, 'must name each column once')
    .default([usual])
    .describe('columns whose groups are to be treated alike, the main one first');

export const anyProtected = listOrOne(z.string().min(1), 'must be a column, or a list of columns')
  .default([])
  .describe('columns whose groups are to be treated alike, the main one first');

export const otherVariables = z
  .array(z.string().min(1))
  .default([])
  .describe('columns to split and group by, beside target and protected ones');

export const environmentColumn = z
  .string()
  .min(1)
  .optional()
  .describe('the column whose values are environments (sites, domains), which split=domains divides by');

/** Census income. */
export const adultSchema = z.strictObject({
  name: z.literal('adult').describe('who earned more than 50,000 dollars in 1994'),
  part: z
    .enum(['train', 'all'])
    .default('train')
    .describe('train: the rows of adult.data; all: those of adult.test, too, with the variable part'),
  protected: protectedOf(['sex', 'race'], 'sex'),
  ...columnChoices,
  unknown: unknownLevels,
});

/** Recidivism. */
export const compasSchema = z.strictObject({
  name: z.literal('compas').describe('who was charged again within two years'),
  races: z
    .enum(['two', 'all'])
    .default('two')
    .describe('two: African-American and Caucasian people alone; all: everybody'),
  protected: protectedOf(['race', 'sex'], 'race'),
  ...columnChoices,
});

/** A table of the user. */
export const csvSchema = z.strictObject({
  name: z.literal('csv').describe('a table of your own: delimited text in UTF-8'),
  file: z.string().min(1).describe('the file, from paths.data when relative'),
  test_file: unset('a second file with the same columns, whose rows are the level test of the variable part'),
  target: z
    .string()
    .min(1)
    .describe('the column to tell: it has two values, or dataset.positive=[VALUE] makes two of them'),
  positive: oneOrMore(
    'values of it that count as positive: one of two, or a list against all others; null: the larger one, or the last by its letters',
  ),
  protected: anyProtected,
  variables: otherVariables,
  environment: environmentColumn,
  ...columnChoices,
  unknown: unknownLevels,
  delimiter: z
    .enum(['auto', ',', ';', '\t', '|'])
    .default('auto')
    .describe('what stands between cells; auto: what the first line has most of'),
  header: z
    .array(z.string().min(1))
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'must name each column once')
    .nullable()
    .default(null)
    .describe('names of the columns; null: the first line has them'),
  repeated: z
    .enum(['refuse', 'number'])
    .default('refuse')
    .describe('what columns of one name are: an error, or NAME and NAME.2'),
  missing_cells: z
    .array(z.string())
    .default(['', '?', 'NA', 'N/A', '#N/A', 'NaN', 'nan', 'null', 'NULL'])
    .describe('cells that say that there is no value'),
});
