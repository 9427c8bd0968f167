import * as z from 'zod';
import { whole } from '../fields.js';
import { nacSchema } from './nac.js';
import { neuralInterpreterSchema } from './neural-interpreter.js';

/** Of models that can begin with weights from elsewhere. */
const pretrained = {
  weights: z
    .string()
    .min(1)
    .nullable()
    .optional()
    .describe(
      "safetensors file that it begins with, by timm's or torchvision's names, from paths.data when relative; null: none",
    ),
  weights_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256: 64 hex digits')
    .optional()
    .describe('SHA-256 of that file, which the plan fills in; where it is given, another file is refused'),
};

/**
 * The catalogue of models. To add one: its entry here (the options of `configs/model/NAME.yaml`, with
 * their help), that YAML, and its source file in `src/models/`.
 */
export const MODELS = {
  cnn: z.strictObject({
    name: z.literal('cnn').describe('five convolutions and a linear read-out (Schott et al. 2022)'),
  }),
  mlp: z.strictObject({
    name: z.literal('mlp').describe('flattened pixels through linear layers (Schott et al. 2022)'),
    widths: z
      .array(whole(1, 65536))
      .max(64)
      .default([90, 90, 90, 90, 22])
      .describe('outputs of each hidden layer; of none, it is a linear model'),
    activation: z
      .enum(['relu', 'selu'])
      .optional()
      .describe('between the layers: relu, or selu (Klambauer et al. 2017); relu unless told'),
    start: z
      .enum(['pytorch', 'xavier'])
      .optional()
      .describe(
        "weights at first: as PyTorch's, or by Glorot & Bengio (2010) with biases of 0; absent: pytorch",
      ),
  }),
  digit_cnn: z.strictObject({
    name: z
      .literal('digit_cnn')
      .describe('convolutions of 3x3 with group norms, averaged over places (Gulrajani & Lopez-Paz 2021)'),
    channels: z
      .array(whole(1, 65536))
      .min(1)
      .max(64)
      .default([64, 128, 128, 128])
      .describe('of each convolution; the second one halves the sides of an image'),
    groups: whole(1, 65536).default(8).describe('of the norms; divide the channels'),
  }),
  patch_mlp: z.strictObject({
    name: z
      .literal('patch_mlp')
      .describe('patches through one shared layer, then a layer that sees them all'),
    patch: whole(1, 1024).default(4).describe('side of the squares that an image is cut into, in pixels'),
    channels: whole(1, 65536).default(16).describe('numbers that each square becomes'),
    width: whole(1, 65536).default(32).describe('size of the layer that sees all squares'),
  }),
  resnet: z.strictObject({
    name: z.literal('resnet').describe('residual network with frozen batch norms (He et al. 2016)'),
    block: z
      .enum(['basic', 'bottleneck'])
      .default('basic')
      .describe('two convolutions of 3x3, or 1x1, 3x3 and 1x1 with four times the channels'),
    layers: z.array(whole(1, 64)).min(1).max(8).default([2, 2, 2, 2]).describe('blocks of each stage'),
    width: whole(1, 4096)
      .default(64)
      .describe(
        'channels of the convolutions of 3x3 of the first stage; each further stage has twice as many',
      ),
    stem: z
      .enum(['plain', 'deep'])
      .default('plain')
      .describe('what is first: one convolution of 7x7, or three of 3x3'),
    shortcut: z
      .enum(['stride', 'mean'])
      .default('stride')
      .describe(
        'how shortcuts become smaller: by the stride of their convolution, or means of 2x2 before it',
      ),
    ...pretrained,
  }),
  nac: nacSchema,
  vit: z.strictObject({
    name: z.literal('vit').describe('Vision Transformer (Dosovitskiy et al. 2021)'),
    width: whole(1, 65536).default(64).describe('numbers in a token'),
    layers: whole(0, 64).default(8).describe('blocks of attention and feed-forward layer'),
    heads: whole(1, 256).default(4).describe('of every attention; divides the width'),
    expansion: z.number().gt(0).max(64).default(4).describe('hidden units of feed-forward layers, in widths'),
    patch: whole(1, 1024).default(8).describe('side of the squares that an image is cut into, in pixels'),
    ...pretrained,
  }),
  neural_interpreter: neuralInterpreterSchema,
  exponentiated_gradient: z.strictObject({
    name: z
      .literal('exponentiated_gradient')
      .describe('logistic regressions to draw from, whose rates keep to a gap (Agarwal et al. 2018)'),
    criterion: z
      .enum(['demographic_parity', 'equalized_odds'])
      .default('demographic_parity')
      .describe('what is to be alike in all groups: decisions, or decisions about people of either class'),
    slack: z
      .number()
      .gt(0)
      .max(1)
      .default(0.05)
      .describe('largest gap between rates of two groups in the training set, in the mean over draws'),
  }),
  train_mean: z.strictObject({
    name: z.literal('train_mean').describe('reference: predicts the mean of the training targets'),
  }),
  majority: z.strictObject({
    name: z.literal('majority').describe('reference: answers with the shares of the classes in training'),
  }),
  nearest_seen: z.strictObject({
    name: z
      .literal('nearest_seen')
      .describe('reference: reads every factor perfectly, but answers only with values that training had'),
  }),
};

/** Models that answer from the training targets alone: they go with `protocol: reference`. */
export const REFERENCE_MODELS = ['train_mean', 'majority', 'nearest_seen'] as const;

/** Models that are no networks: they go with `protocol: fitted`. */
export const FITTED_MODELS = ['exponentiated_gradient'] as const;

export const modelSchema = z
  .discriminatedUnion('name', [
    MODELS.cnn,
    MODELS.mlp,
    MODELS.digit_cnn,
    MODELS.patch_mlp,
    MODELS.resnet,
    MODELS.nac,
    MODELS.vit,
    MODELS.neural_interpreter,
    MODELS.exponentiated_gradient,
    MODELS.train_mean,
    MODELS.majority,
    MODELS.nearest_seen,
  ])
  .describe('what maps inputs to outputs');
