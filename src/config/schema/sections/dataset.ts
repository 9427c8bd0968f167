import * as z from 'zod';
import { whole } from '../fields.js';
import { channels, fitting, normalise, published, side, smallest, squareFit } from './images.js';
import {
  adultSchema,
  anyProtected,
  compasSchema,
  csvSchema,
  environmentColumn,
  oneOrMore,
  otherVariables,
  protectedPositive,
  unset,
} from './tables.js';

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
  cifar100: published('cifar100', 'small photographs in a hundred classes', { fit: 'resize', channels: 3 }),
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
  colored_mnist: z.strictObject({
    name: z
      .literal('colored_mnist')
      .describe('digits whose colour misleads where it is not seen in training'),
    protocol: z
      .enum(['irm', 'domainbed'])
      .default('irm')
      .describe(
        'irm: 14 x 14 pixels, two environments to train on and one to test on; domainbed: 28 x 28, three alike',
      ),
    size: whole(3)
      .nullable()
      .default(null)
      .describe('fewer examples: of those for training (irm), or of all (domainbed); null: all'),
    grayscale: z.boolean().default(false).describe('take the colour away: one channel, for the oracle'),
    gray_test: z
      .boolean()
      .default(false)
      .describe('irm: the test images once more, in both channels, as the environment gray'),
    seed: whole(0, 0xffffffff).default(0).describe('draws membership, labels and colours'),
    normalise,
  }),
  rotated_mnist: z.strictObject({
    name: z.literal('rotated_mnist').describe('digits turned by 0, 15, ... 75 degrees'),
    per_environment: whole(1).nullable().default(null).describe('images of each angle; null: all'),
    side: z
      .union([z.literal(28), z.literal(32)], 'must be 28 or 32')
      .optional()
      .describe('pixels along each side; 32: black ones around; absent: 28'),
    channels: z
      .union([z.literal(1), z.literal(3)], 'must be 1 or 3')
      .optional()
      .describe('1: brightness; 3: brightness three times; absent: 1'),
    seed: whole(0, 0xffffffff).default(0).describe('draws which image is turned by which angle'),
    normalise,
  }),
  digits_domains: z.strictObject({
    name: z.literal('digits_domains').describe('digits in several domains, cut into parts once for all'),
    domains: z
      .array(z.enum(['mnist', 'usps', 'mnist_m', 'inverted', 'coloured', 'rotated']))
      .min(1)
      .refine((names) => new Set(names).size === names.length, 'must name each domain once')
      .default(['mnist', 'usps', 'mnist_m', 'inverted', 'coloured'])
      .describe('which there are'),
    side: z
      .union([z.literal(16), z.literal(28), z.literal(32)], 'must be 16, 28 or 32')
      .default(28)
      .describe("pixels along each side; 16: without the margin of MNIST's digits"),
    channels: channels(3),
    validation: z
      .number()
      .min(0)
      .lt(1)
      .default(0.1)
      .describe('share of the training files that is for validation'),
    limits: z
      .strictObject({
        train: whole(1).nullish(),
        validation: whole(1).nullish(),
        test: whole(1).nullish(),
      })
      .default({})
      .describe('at most so many images of each part of each domain'),
    angle: z
      .number()
      .min(-180)
      .max(180)
      .default(45)
      .describe('degrees by which the domain rotated is turned against the clock'),
    seed: whole(0, 0xffffffff).default(0).describe('draws parts, photographs and colours'),
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
    ...squareFit,
    smallest,
    skip_corrupt: z
      .boolean()
      .default(false)
      .describe('leave out images that cannot be decoded or are too small; else they are an error'),
    normalise,
  }),
  wilds_csv: z.strictObject({
    name: z
      .literal('wilds_csv')
      .describe('image files, and a table of classes, parts and sites, as WILDS has them'),
    path: z.string().min(1).describe('the folder, from paths.data when relative'),
    metadata: z.string().min(1).default('metadata.csv').describe('the table, from the folder when relative'),
    image_column: z.string().min(1).default('path').describe('the column that names images, from the folder'),
    target: z.string().min(1).default('y').describe('the column to tell, a class'),
    split_column: z
      .string()
      .min(1)
      .nullable()
      .default('split')
      .describe('the column that becomes the variable part; null: there is none'),
    split_names: z
      .record(z.string(), z.string().min(1))
      .default({ '0': 'train', '1': 'validation', '2': 'test', val: 'validation' })
      .describe('what values of it are called; others keep their names'),
    environment: unset('the column whose values are environments (hospitals, regions); null: none'),
    variables: otherVariables,
    ...squareFit,
    smallest,
    skip_corrupt: z
      .boolean()
      .default(false)
      .describe(
        'leave out images that are not there, cannot be decoded or are too small; else they are an error',
      ),
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
    protected: anyProtected,
    protected_positive: protectedPositive,
    variables: otherVariables,
    environment: environmentColumn,
    sample: whole(2).nullable().default(null).describe('images that are drawn from all; null: all'),
    seed: whole(0, 0xffffffff).default(0).describe('draws the sample'),
    ...squareFit,
    smallest,
    skip_corrupt: z
      .boolean()
      .default(false)
      .describe(
        'leave out images that are not there, cannot be decoded or are too small; else they are an error',
      ),
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
  adult: adultSchema,
  compas: compasSchema,
  csv: csvSchema,
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
    DATASETS.cifar100,
    DATASETS.pacs,
    DATASETS.digits,
    DATASETS.colored_mnist,
    DATASETS.rotated_mnist,
    DATASETS.digits_domains,
    DATASETS.image_folder,
    DATASETS.wilds_csv,
    DATASETS.merit_stripes,
    DATASETS.attribute_folder,
    DATASETS.adult,
    DATASETS.compas,
    DATASETS.csv,
  ])
  .describe('what is learnt from');
