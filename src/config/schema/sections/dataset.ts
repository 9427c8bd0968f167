import * as z from 'zod';
import { whole } from '../fields.js';

const levels = z
  .strictObject({
    first: whole(1).optional().describe('keep only the first levels, this many'),
    every: whole(1).optional().describe('keep every n-th level, beginning with the first'),
    list: z.array(whole(0)).min(1).optional().describe('keep the levels of these indices'),
  })
  .refine(
    (value) => value.first !== undefined || value.every !== undefined || value.list !== undefined,
    "needs 'first', 'every' or 'list'",
  );

const allLevels = z
  .record(z.string(), levels)
  .default({})
  .describe('reduces the grid: for each factor named, which of its levels are kept');

const normalise = z
  .strictObject({
    mean: z.number().describe('taken off every number of an input'),
    scale: z.number().gt(0).describe('what the rest is divided by'),
  })
  .optional()
  .describe('how a model gets the images; absent: from 0 to 1');

const side = whole(1, 1024).default(32).describe('pixels along each side');

const channels = (usual: 1 | 3) =>
  z
    .union([z.literal(1), z.literal(3)], 'must be 1 or 3')
    .default(usual)
    .describe('1: brightness; 3: colours, and brightness three times where there are none');

const fitting = (usual: 'pad' | 'resize') => ({
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
function published<Name extends string>(
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

const domain = z.strictObject(fitting('resize')).optional();

const spriteImages = {
  side: z
    .union([z.literal(64), z.literal(32)], 'must be 32 or 64')
    .default(64)
    .describe('pixels along each side'),
  draws: whole(1, 4096).default(256).describe('images that have all other variables in common'),
  seed: whole(0, 0xffffffff).default(0).describe('of all that is random in the images'),
  levels: allLevels,
  normalise,
};

const unset = (description: string) => z.string().min(1).nullable().default(null).describe(description);

const oneOrMore = (description: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)], 'must be a name, or a list of names')
    .nullable()
    .default(null)
    .describe(description);

const protectedPositive = oneOrMore(
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
  z
    .array(z.enum(names))
    .refine((all) => new Set(all).size === all.length, 'must name each column once')
    .default([usual])
    .describe('columns whose groups are to be treated alike, the main one first');

/** One entry per dataset: its options in `configs/dataset/`, by `name`. */
export const DATASETS = {
  dsprites: z.strictObject({
    name: z.literal('dsprites').describe('white shapes on black, 64 x 64, with five factors'),
    source: z
      .enum(['rendered', 'archive'])
      .default('rendered')
      .describe('rendered: drawn here; archive: the published file in paths.data'),
    levels: allLevels,
    normalise,
  }),
  sprites: z.strictObject({
    name: z.literal('sprites').describe('coloured shapes on dark backgrounds, in five renditions'),
    ...spriteImages,
  }),
  sprite_questions: z.strictObject({
    name: z.literal('sprite_questions').describe('sprites, each with a question for one of their factors'),
    ...spriteImages,
    questions: z
      .array(z.enum(['shape', 'hue', 'size', 'x', 'y']))
      .min(1)
      .refine((names) => new Set(names).size === names.length, 'must name each factor once')
      .optional()
      .describe('factors that are asked for; absent: all five'),
  }),
  mnist: published('mnist', 'handwritten digits', { fit: 'pad', channels: 1 }),
  fashion_mnist: published('fashion_mnist', 'articles of clothing', { fit: 'pad', channels: 1 }),
  usps: published('usps', 'digits from envelopes', { fit: 'resize', channels: 1 }),
  cifar10: published('cifar10', 'small photographs', { fit: 'resize', channels: 3 }),
  pacs: published('pacs', 'paintings, cartoons, photographs and sketches', { fit: 'resize', channels: 3 }),
  digits: z.strictObject({
    name: z.literal('digits').describe('digits of several sources, which are the domains'),
    side,
    channels: channels(1),
    domains: z
      .strictObject({
        mnist: domain.describe('handwritten digits, 28 x 28'),
        usps: domain.describe('digits from envelopes, 16 x 16'),
      })
      .refine((domains) => Object.keys(domains).length > 0, 'must name a domain')
      .default({ mnist: { fit: 'resize', crop: null }, usps: { fit: 'resize', crop: null } })
      .describe('which sources there are, and how the images of each get their size'),
    normalise,
  }),
  image_folder: z.strictObject({
    name: z.literal('image_folder').describe('image files in folders that say what is on them'),
    path: z.string().min(1).describe('the folder, from paths.data when relative'),
    layout: z
      .string()
      .regex(/^([A-Za-z]\w*\/)*class$/, "must name variables, the last one class: 'class', 'domain/class'")
      .default('class')
      .describe('the variables that its folders are, from above'),
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
    skip_corrupt: z
      .boolean()
      .default(false)
      .describe('leave out images that cannot be decoded; else they are an error'),
    normalise,
  }),
  attribute_folder: z.strictObject({
    name: z.literal('attribute_folder').describe('image files, and a table that says what is on them'),
    path: z.string().min(1).describe('the folder of images, from paths.data when relative'),
    attributes: z
      .string()
      .min(1)
      .describe("the table: delimited text with a header, or CelebA's list_attr_celeba.txt; from paths.data"),
    image_column: unset('the column that names the images; null: the first one'),
    target: z.string().min(1).describe('the column to tell'),
    positive: oneOrMore(
      'values of it that count as positive: one of two, or a list against all others; null: the last one',
    ),
    protected: z
      .union([z.string().min(1), z.array(z.string().min(1))], 'must be a column, or a list of columns')
      .default([])
      .describe('columns whose groups are to be treated alike, the main one first'),
    protected_positive: protectedPositive,
    variables: z
      .array(z.string().min(1))
      .default([])
      .describe('columns to split and group by, beside target and protected ones'),
    sample: whole(2).nullable().default(null).describe('images that are drawn from all; null: all'),
    seed: whole(0, 0xffffffff).default(0).describe('draws the sample'),
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
    skip_corrupt: z
      .boolean()
      .default(false)
      .describe('leave out images that are not there or cannot be decoded; else they are an error'),
    normalise,
  }),
  merit_stripes: z.strictObject({
    name: z
      .literal('merit_stripes')
      .describe('made-up applicants: a blob of merit on stripes of their group'),
    size: whole(1, 1_000_000).default(12_000).describe('images'),
    noise: z.number().min(0).max(2).default(0.25).describe("standard deviation of a pixel's noise"),
    seed: whole(0, 0xffffffff).default(0).describe('of all that is random in the images'),
    normalise,
  }),
  adult: z.strictObject({
    name: z.literal('adult').describe('who earned more than 50,000 dollars in 1994'),
    part: z
      .enum(['train', 'all'])
      .default('train')
      .describe('train: the rows of adult.data; all: those of adult.test, too, with the variable part'),
    protected: protectedOf(['sex', 'race'], 'sex'),
    ...columnChoices,
    unknown: unknownLevels,
  }),
  compas: z.strictObject({
    name: z.literal('compas').describe('who was charged again within two years'),
    races: z
      .enum(['two', 'all'])
      .default('two')
      .describe('two: African-American and Caucasian people alone; all: everybody'),
    protected: protectedOf(['race', 'sex'], 'race'),
    ...columnChoices,
  }),
  csv: z.strictObject({
    name: z.literal('csv').describe('a table of your own: delimited text in UTF-8'),
    file: z.string().min(1).describe('the file, from paths.data when relative'),
    test_file: unset(
      'a second file with the same columns, whose rows are the level test of the variable part',
    ),
    target: z.string().min(1).describe('the column to tell: it has two values'),
    positive: unset(
      'the value of it that counts as positive; null: the larger one, or the last by its letters',
    ),
    protected: z
      .union([z.string().min(1), z.array(z.string().min(1))], 'must be a column, or a list of columns')
      .default([])
      .describe('columns whose groups are to be treated alike, the main one first'),
    variables: z
      .array(z.string().min(1))
      .default([])
      .describe('columns to split and group by, beside target and protected ones'),
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
  }),
};

export const datasetSchema = z
  .discriminatedUnion('name', [
    DATASETS.dsprites,
    DATASETS.sprites,
    DATASETS.sprite_questions,
    DATASETS.mnist,
    DATASETS.fashion_mnist,
    DATASETS.usps,
    DATASETS.cifar10,
    DATASETS.pacs,
    DATASETS.digits,
    DATASETS.image_folder,
    DATASETS.merit_stripes,
    DATASETS.attribute_folder,
    DATASETS.adult,
    DATASETS.compas,
    DATASETS.csv,
  ])
  .describe('what is learnt from');
